"use strict";
// Conveniences only; every page works without this file.
document.querySelectorAll("textarea[data-copy]").forEach(function (area) {
  if (!navigator.clipboard) return;
  var button = document.createElement("button");
  button.type = "button";
  button.textContent = "Sao chép";
  button.addEventListener("click", function () {
    navigator.clipboard.writeText(area.value).then(function () { button.textContent = "Đã sao chép"; });
  });
  area.after(button);
});
// A page that says so loads itself anew, unless somebody is reading or typing in it.
var wait = Number(document.body.dataset.refresh);
if (wait) {
  setInterval(function () {
    var busy = document.hidden || document.querySelector("main details[open]") || String(getSelection()) !== "" ||
      /^(INPUT|TEXTAREA)$/.test(document.activeElement.tagName);
    if (!busy) location.reload();
  }, wait * 1000);
}
