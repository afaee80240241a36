"use strict";
// Conveniences only; every page works without this file.
// A text in the language of the page: an English page brings the words of this file along.
var english = JSON.parse(document.body.dataset.words || "{}");
function _(text) { return english[text] || text; }
function dress(root) { root.querySelectorAll("textarea[data-copy]").forEach(function (area) {
  if (!navigator.clipboard) return;
  var button = document.createElement("button");
  button.type = "button";
  button.textContent = _("Sao chép");
  button.addEventListener("click", function () {
    navigator.clipboard.writeText(area.value).then(function () { button.textContent = _("Đã sao chép"); });
  });
  area.after(button);
}); }
dress(document);
// The rest of the navigation folds up when one clicks elsewhere or presses Escape.
var more = document.querySelector(".more details");
if (more) {
  document.addEventListener("click", function (event) { if (!more.contains(event.target)) more.open = false; });
  more.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && more.open) { more.open = false; more.firstElementChild.focus(); }
  });
}
// A draft: whoever looks at a milestone sees its sentence in the document beside it.
var paper = document.querySelector(".draft-paper");
function follow() {
  var place = /^#s(\d+)$/.exec(location.hash);
  var found = place && document.getElementById("p" + (Number(place[1]) + 1));
  if (found) paper.scrollTop += found.getBoundingClientRect().top - paper.getBoundingClientRect().top - paper.clientHeight / 3;
}
if (paper) {
  follow();
  addEventListener("hashchange", follow);
}
// A live page asks whether anything has happened, and takes over what is new without losing one's place.
var stamp = document.body.dataset.stamp, said = document.getElementById("live");
function clock() { return new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" }); }
function busy() {
  return document.hidden || String(getSelection()) !== "" ||
    document.activeElement.matches("main input:not([type=checkbox]), main textarea, main select");
}
function takeOver(main, fresh) {
  var key = document.activeElement.id ? "#" + CSS.escape(document.activeElement.id)
    : 'a[href="' + CSS.escape(document.activeElement.getAttribute("href") || "") + '"]';
  var rolled = [...main.querySelectorAll(".scroll")].map(function (one) { return [one.scrollLeft, one.scrollTop]; });
  var open = [...main.querySelectorAll("details")].map(function (one) { return one.open; });
  var ticked = new Set([...main.querySelectorAll(":checked[type=checkbox]")].map(function (one) { return one.value; }));
  main.replaceChildren(...fresh.childNodes);
  main.querySelectorAll("details").forEach(function (one, n) { if (open[n]) one.open = true; });
  main.querySelectorAll("[type=checkbox]").forEach(function (one) { if (ticked.has(one.value)) one.checked = true; });
  main.querySelectorAll(".scroll").forEach(function (one, n) {
    if (rolled[n]) { one.scrollLeft = rolled[n][0]; one.scrollTop = rolled[n][1]; }
  });
  var again = main.querySelector(key);
  if (again) again.focus({ preventScroll: true });
  dress(main);
}
function tell(text) { if (said.textContent !== text) said.textContent = text; } // who listens to the page hears it once
async function look() {
  if (busy()) return;
  try {
    var answer = await fetch(location.href, { headers: { "If-None-Match": stamp }, cache: "no-store" });
    if (answer.status === 304) { tell(_("Xem lại lúc %(at)s: không có gì mới.").replace("%(at)s", clock())); return; }
    if (!answer.ok || answer.redirected) { tell(_("Không lấy được số liệu mới; tải lại trang.")); return; }
    var page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.body.dataset.stamp) return location.reload(); // what was waited for is there: another page, with its own script
    if (busy()) return;
    takeOver(document.getElementById("main"), page.getElementById("main"));
    stamp = page.body.dataset.stamp;
    tell(_("Cập nhật lúc %(at)s.").replace("%(at)s", clock()));
  } catch (error) { tell(_("Mất kết nối; số liệu trên trang có thể đã cũ.")); }
}
if (stamp) setInterval(look, 1000 * document.body.dataset.pace);
// A file that is too large is said beside its field, and the form is not sent. The server judges again.
var most = 20; // MB of 1024 × 1024 bytes, as hanchot/board/incoming.py has it
document.querySelectorAll("input[type=file]").forEach(function (input) {
  var fault = document.createElement("span"), known = input.getAttribute("aria-describedby") || "";
  fault.className = "fault"; fault.id = input.id + "-large"; fault.setAttribute("role", "alert");
  input.before(fault);
  input.addEventListener("change", function () {
    var large = [...input.files].find(function (file) { return file.size > most * 1048576; });
    fault.textContent = large ? _("Tệp “%(name)s” nặng %(size)s MB, quá %(most)s MB; chọn tệp nhỏ hơn. Chưa gửi gì.").replace("%(name)s", large.name)
      .replace("%(size)s", Math.ceil(large.size / 1048576)).replace("%(most)s", most) : "";
    input.setCustomValidity(fault.textContent);
    input.setAttribute("aria-describedby", large ? fault.id : known);
  });
});
// A form that saves as it goes: a few seconds after the last key, and when the field is left. What is typed stays in the
// page whatever happens; the words beside it say whether the board has it.
document.querySelectorAll("form[data-save]").forEach(function (form) {
  var said = form.querySelector("[data-saved]"), timer = 0, busy = false, changed = false, sending = false, waiting = null;
  function say(text, bad) { said.textContent = text; said.classList.toggle("bad", Boolean(bad)); }
  function fields() {
    var sent = new URLSearchParams();
    new FormData(form).forEach(function (value, name) { if (typeof value === "string") sent.append(name, value); });
    return sent;
  }
  function later(wait) { clearTimeout(timer); timer = setTimeout(save, wait); }
  function save() {
    clearTimeout(timer);
    if (!changed || busy || sending) return;
    var wait = 3000;
    busy = true; changed = false;
    fetch(form.dataset.save, { method: "POST", body: fields(), credentials: "same-origin", redirect: "error" }).then(function (answer) {
      if (answer.status === 401 || answer.status === 403) throw _("Phiên đăng nhập đã hết; điều đã gõ còn trong trang này. Mở trang đăng nhập ở thẻ khác, rồi bấm Lưu nháp.");
      return answer.json().then(function (got) {
        if (!answer.ok) throw got.message;
        form.elements.revision.value = got.revision;
        if (!changed) say(got.message);
      });
    }).catch(function (why) {
      if (typeof why === "string") return say(why, true);
      changed = true;
      say(_("Mất kết nối, chưa lưu được; điều đã gõ còn trong trang này và sẽ được lưu lại."), true);
      wait = 8000;
    }).then(function () {
      var by = waiting;
      busy = false; waiting = null;
      if (by) form.requestSubmit(by); else if (changed) later(wait);
    });
  }
  form.addEventListener("input", function (event) {
    if (event.target.type === "file") return;
    changed = true;
    say(_("Đang gõ, chưa lưu …"));
    later(3000);
  });
  form.addEventListener("focusout", save);
  form.addEventListener("submit", function (event) {
    clearTimeout(timer);
    if (busy) { event.preventDefault(); waiting = event.submitter; return; } // a save under way has the newer revision
    sending = true;
  });
  addEventListener("pageshow", function () { sending = false; });
  addEventListener("beforeunload", function (event) { if (changed && !sending) event.preventDefault(); });
});
// A ballot: the sums are said while the numbers are typed. The server judges them again.
document.querySelectorAll("form[data-ballot]").forEach(function (form) {
  function count(name) {
    var text = form.elements[name].value.trim();
    return /^\d+$/.test(text) ? Number(text) : null;
  }
  function say(place, text, bad) { place.textContent = text; place.classList.toggle("bad", bad); }
  function add() {
    var valid = count("valid"), invalid = count("invalid"), collected = count("collected"), head = form.querySelector('[data-sum="head"]');
    var names = ["convened", "present", "issued", "collected"], wrong = [];
    names.forEach(function (name, n) {
      var less = count(name), more = n ? count(names[n - 1]) : null;
      if (less !== null && more !== null && less > more) wrong.push(less + " > " + more);
    });
    if (valid !== null && invalid !== null && collected !== null && valid + invalid !== collected) wrong.push(valid + " + " + invalid + " ≠ " + collected);
    say(head, wrong.length ? _("Chưa khớp: %(what)s").replace("%(what)s", wrong.join("; ")) : "", wrong.length > 0);
    form.querySelectorAll('[data-sum="row"]').forEach(function (place) {
      var typed = [...place.parentElement.querySelectorAll("input")].map(function (one) { return one.value.trim(); });
      if (!typed.some(Boolean)) return say(place, "", false);
      var sum = typed.reduce(function (all, one) { return all + (Number(one) || 0); }, 0), off = valid !== null && sum !== valid;
      say(place, off ? sum + " ≠ " + valid : String(sum), off);
    });
  }
  form.addEventListener("input", add);
  add();
});
// A decision paper: quota and refusals are counted anew on every change; “Tính lại” does the same without this.
document.querySelectorAll("form[data-counted]").forEach(function (form) {
  var timer = 0, turn = 0;
  function ask() {
    var mine = ++turn, sent = new URLSearchParams();
    new FormData(form).forEach(function (value, name) { sent.append(name, value); });
    fetch(form.dataset.counted, { method: "POST", body: sent, credentials: "same-origin", redirect: "error" }).then(function (answer) {
      if (!answer.ok) throw answer.status;
      return answer.text();
    }).then(function (text) {
      if (mine !== turn) return;
      new DOMParser().parseFromString(text, "text/html").querySelectorAll("[id]").forEach(function (fresh) {
        var old = document.getElementById(fresh.id);
        if (old) old.replaceWith(fresh);
      });
    }).catch(function () {});
  }
  form.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(ask, 400); });
  if ("first" in form.dataset) ask();
});
