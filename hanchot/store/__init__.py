"""Where things are kept: SQLAlchemy tables on SQLite and PostgreSQL alike, and the files that people edit."""
