"use strict";
const field = document.getElementById("filter");
const count = document.getElementById("count");
const strips = [...document.querySelectorAll(".strip")];
function apply() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const strip of strips) {
    const hit = words.every((word) => strip.dataset.words.includes(word));
    strip.classList.toggle("hidden", !hit);
    shown += hit ? 1 : 0;
  }
  for (const move of document.querySelectorAll(".move")) {
    move.classList.toggle("hidden", words.length > 0);
  }
  for (const day of document.querySelectorAll(".day")) {
    day.classList.toggle("hidden", !day.querySelector(".strip:not(.hidden)"));
  }
  count.textContent = words.length ? `${shown} of ${strips.length} strips` : "";
}
field.addEventListener("input", apply);
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== field) { event.preventDefault(); field.focus(); }
  if (event.key === "Escape" && document.activeElement === field) { field.value = ""; apply(); }
});
