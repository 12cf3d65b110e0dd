// What is typed into a monitoring is never lost: each part's text stays in this browser until the server has kept it.
// Copies are stored per person and monitoring, under the name that signing out clears.
(function () {
  "use strict";

  const PREFIX = "perftrack:typed:";
  const LONGEST_WAIT = 60;
  let form, key, sentences;
  let wait = 2;
  let timer = null;
  let isLost = false; // the server did not answer, or no longer knows who asks

  function start() {
    form = document.getElementById("monitoring");
    if (!form || !form.dataset.monitoring) return; // an earlier report is only read
    key = `${PREFIX}${form.dataset.person}:monitoring-${form.dataset.monitoring}`;
    if (!document.getElementById("monitoring-sentences")) {
      write({}); // submitted, or closed: nothing of it can be typed any more
      return;
    }
    sentences = document.getElementById("monitoring-sentences").dataset;
    form.addEventListener("input", (event) => copy(event.target.closest("section[hx-post]")));
    form.addEventListener("change", (event) => copy(event.target.closest("section[hx-post]")));
    form.addEventListener("submit", onSubmit);
    document.addEventListener("htmx:beforeRequest", onRequest);
    document.addEventListener("htmx:beforeSwap", onAnswer);
    document.addEventListener("htmx:sendError", onLost);
    document.addEventListener("htmx:responseError", onRefused);
    window.addEventListener("online", retry);
    window.addEventListener("beforeunload", (event) => {
      if (isLost) event.preventDefault();
    });
    window.addEventListener("load", restore);
  }

  // Copies ---------------------------------------------------------------------------------------------------

  function read() {
    try {
      return JSON.parse(window.localStorage.getItem(key)) || {};
    } catch (_broken) {
      return {};
    }
  }

  function write(copies) {
    try {
      if (Object.keys(copies).length) window.localStorage.setItem(key, JSON.stringify(copies));
      else window.localStorage.removeItem(key);
    } catch (_full) {
      // A browser without room keeps nothing; the server's drafts are still there.
    }
  }

  function isChoice(field) {
    return field.type === "radio" || field.type === "checkbox";
  }

  function texts(part) {
    const found = {};
    part.querySelectorAll("input[name], textarea[name]").forEach((field) => {
      const name = isChoice(field) ? `${field.name}=${field.value}` : field.name;
      found[name] = isChoice(field) ? String(field.checked) : field.value;
    });
    return found;
  }

  function said(all) {
    return Object.keys(all).filter((name) => !name.endsWith("-seen")).map((name) => [name, all[name]]);
  }

  function same(one, other) {
    return said(one).every(([name, text]) => other[name] === text);
  }

  function copy(part) {
    if (!part) return;
    const copies = read();
    copies[part.id] = { texts: texts(part), at: Date.now() };
    write(copies);
    part.querySelector(".monitoring-live").classList.add("is-stale"); // "saved" was said of what stood there before
  }

  // Sending --------------------------------------------------------------------------------------------------

  function isOurs(event) {
    return form.contains(event.target) && event.target.matches("section[hx-post]");
  }

  function onRequest(event) {
    if (!isOurs(event)) return;
    if (navigator.onLine) event.detail.xhr.sent = { id: event.target.id, texts: texts(event.target) };
    else {
      event.preventDefault();
      later();
    }
  }

  function onAnswer(event) {
    const { xhr, requestConfig } = event.detail;
    if (!xhr || !xhr.sent) return;
    if (new URL(xhr.responseURL).pathname !== new URL(requestConfig.path, window.location.href).pathname) {
      event.detail.shouldSwap = false; // sent to the door
      lost(sentences.ended, sentences.signIn, `${new URL(xhr.responseURL).pathname}?next=${encodeURIComponent(window.location.pathname)}`);
    } else if (xhr.status === 200 && event.detail.serverResponse.includes("data-kept")) {
      const copies = read();
      if (copies[xhr.sent.id] && same(copies[xhr.sent.id].texts, xhr.sent.texts)) delete copies[xhr.sent.id];
      write(copies);
      wait = 2;
      if (!Object.keys(copies).length) quiet();
    }
  }

  function onLost(event) {
    if (isOurs(event)) later();
  }

  function onRefused(event) {
    if (!isOurs(event)) return;
    if (event.detail.xhr.status >= 500 || event.detail.xhr.status === 0) later();
    else lost(sentences.stale, sentences.reload, window.location.pathname);
  }

  function later() {
    lost(sentences.offline);
    window.clearTimeout(timer);
    timer = window.setTimeout(retry, wait * 1000);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }

  function retry() {
    window.clearTimeout(timer);
    if (navigator.onLine) Object.keys(read()).forEach(send);
    else if (Object.keys(read()).length) later();
  }

  function send(id) {
    const part = document.getElementById(id);
    if (part) part.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function quiet() {
    isLost = false;
    document.getElementById("monitoring-lost").hidden = true;
  }

  function lost(text, word, address) {
    isLost = true;
    const told = document.getElementById("monitoring-lost");
    told.replaceChildren(`⚠ ${text}`);
    told.hidden = false;
    if (!word) return;
    const anchor = document.createElement("a");
    anchor.href = address;
    anchor.textContent = word;
    anchor.addEventListener("click", () => { isLost = false; });
    told.append(anchor);
  }

  // Coming and going -----------------------------------------------------------------------------------------

  function onSubmit(event) {
    if (!navigator.onLine) {
      event.preventDefault();
      lost(sentences.cannotSubmit);
      return;
    }
    isLost = false;
  }

  // A text comes back with the number of the draft that it was typed over, so it covers nobody else's unseen.
  function restore() {
    const copies = read();
    Object.keys(copies).forEach((id) => {
      const part = document.getElementById(id);
      if (!part || same(copies[id].texts, texts(part))) delete copies[id];
      else fill(part, copies[id].texts);
    });
    write(copies);
    const count = Object.keys(copies).length;
    if (!count) return;
    const told = document.getElementById("monitoring-told");
    told.textContent = sentences.restored.replace("#", count);
    told.hidden = false;
    Object.keys(copies).forEach(send);
  }

  function fill(part, all) {
    part.querySelectorAll("input[name], textarea[name]").forEach((field) => {
      const text = all[isChoice(field) ? `${field.name}=${field.value}` : field.name];
      if (text === undefined) return;
      if (isChoice(field)) field.checked = text === "true";
      else field.value = text;
    });
  }

  // Signing out is meant; the page's own script takes the copies away.
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[action*='logout']")) isLost = false;
  });
  document.addEventListener("DOMContentLoaded", start);
})();
