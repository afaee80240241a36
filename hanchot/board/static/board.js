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
// A page that says so loads itself anew, unless somebody is reading or typing in it.
var wait = Number(document.body.dataset.refresh);
if (wait) {
  setInterval(function () {
    var busy = document.hidden || document.querySelector("main details[open]") || String(getSelection()) !== "" ||
      /^(INPUT|TEXTAREA)$/.test(document.activeElement.tagName);
    if (!busy) location.reload();
  }, wait * 1000);
}
