// Keeps what the installed application needs to open without a network.
"use strict";
const SHELL = "shell-1";
const FILES = ["/static/style.css", "/static/logo.svg", "/static/offline.html"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(FILES)));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) =>
    Promise.all(names.filter((name) => name !== SHELL).map((name) => caches.delete(name)))));
});
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  event.respondWith(fetch(event.request).catch(async () =>
    (await caches.match(event.request)) ||
    (event.request.mode === "navigate" ? caches.match("/static/offline.html") : Response.error())));
});
