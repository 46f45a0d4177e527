// Display controls (kept in the browser), main menu on phones, slider of the home page.
"use strict";
const root = document.documentElement;
root.classList.add("js");

const sizes = { least: -1, most: 3 };
let size = Number(localStorage.getItem("size")) || 0;
function display() {
  root.dataset.size = String(size);
  const contrast = localStorage.getItem("contrast") === "on";
  root.classList.toggle("contrast", contrast);
  document.querySelector('[data-tool="contrast"]').setAttribute("aria-pressed", String(contrast));
}
function resize(step) {
  size = Math.min(sizes.most, Math.max(sizes.least, size + step));
  localStorage.setItem("size", String(size));
}
const tools = {
  larger: () => resize(1),
  smaller: () => resize(-1),
  contrast: () => localStorage.setItem("contrast", root.classList.contains("contrast") ? "off" : "on"),
};
document.querySelectorAll("[data-tool]").forEach((button) =>
  button.addEventListener("click", () => { tools[button.dataset.tool](); display(); }));
display();

const toggle = document.querySelector(".mega-toggle");
toggle.addEventListener("click", () => {
  toggle.setAttribute("aria-expanded", String(document.querySelector(".mega").classList.toggle("open")));
});
document.querySelectorAll(".has-sub > button").forEach((button) =>
  button.addEventListener("click", () => {
    button.setAttribute("aria-expanded", String(button.parentElement.classList.toggle("open")));
  }));

const slides = [...document.querySelectorAll(".slide")];
const dots = [...document.querySelectorAll(".dots button")];
function show(number) {
  slides.forEach((slide, i) => slide.classList.toggle("on", i === number));
  dots.forEach((dot, i) => dot.classList.toggle("on", i === number));
}
dots.forEach((dot, i) => dot.addEventListener("click", () => show(i)));
if (slides.length && !matchMedia("(prefers-reduced-motion: reduce)").matches) {
  let at = 0;
  setInterval(() => { at = (at + 1) % slides.length; show(at); }, 8000);
}
