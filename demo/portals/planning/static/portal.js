// Display settings, kept by the visitor's own browser, and the menu of small screens.
const page = document.documentElement;
const kept = JSON.parse(localStorage.getItem("display") || '{"size":100}');

function apply() {
  page.style.fontSize = kept.size + "%";
  page.classList.toggle("contrast", Boolean(kept.contrast));
  page.classList.toggle("dark", Boolean(kept.dark));
  for (const button of document.querySelectorAll("[data-display]")) {
    const what = button.dataset.display;
    if (what === "contrast" || what === "dark") button.setAttribute("aria-pressed", String(Boolean(kept[what])));
  }
  localStorage.setItem("display", JSON.stringify(kept));
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-display]");
  if (button) {
    const what = button.dataset.display;
    if (what === "bigger") kept.size = Math.min(150, kept.size + 10);
    else if (what === "smaller") kept.size = Math.max(80, kept.size - 10);
    else kept[what] = !kept[what];
    apply();
  }
  const burger = target.closest(".burger");
  if (burger) burger.setAttribute("aria-expanded", String(document.getElementById("menu").classList.toggle("open")));
  for (const open of document.querySelectorAll("nav.main details[open]")) if (!open.contains(target)) open.open = false;
});

apply();
