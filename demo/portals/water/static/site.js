/* Menu on small screens, layers of the map, installation of the application. */
(function () {
  "use strict";
  var burger = document.getElementById("navbar-toggler");
  burger.addEventListener("click", function () {
    var open = document.getElementById("navbar").classList.toggle("show");
    burger.setAttribute("aria-expanded", String(open));
  });

  document.querySelectorAll("input[data-layer]").forEach(function (box) {
    box.addEventListener("change", function () {
      document.querySelectorAll("[data-in='" + box.dataset.layer + "']").forEach(function (shape) {
        shape.style.display = box.checked ? "" : "none";
      });
    });
  });

  var tip = document.getElementById("map-tip");
  document.querySelectorAll("[data-in]").forEach(function (shape) {
    shape.addEventListener("mouseenter", function () { tip.textContent = shape.querySelector("title").textContent; });
  });

  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(function () {});
  var install = document.getElementById("install");
  window.addEventListener("beforeinstallprompt", function (event) {
    if (!install) return;
    event.preventDefault();
    install.hidden = false;
    install.onclick = function () { event.prompt(); };
  });
})();
