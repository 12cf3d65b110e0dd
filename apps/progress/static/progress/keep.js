// What is typed is never lost: each text stays in this browser until the server has said that it kept it.
// Copies are stored per person and form, so nobody meets those of another on the same computer; signing out takes them away.
//
// `keepTyped(page)` watches a form; `page` says what is its own:
//   form      the element, with the person in data-person
//   name      which of the person's forms it is
//   parts     the selector of what is kept in one piece, each with an id
//   fields    what the names of its fields look like
//   sentences what is told, by name
//   lost, told, before, look  the ids of what is told, the element (by a function) before which a trouble is told, and its class
//   taken(event)      the parts whose texts a request takes along; nothing for a request that is none of this
//   isKept(event)     whether an answer says that they were kept
//   isDone(part, copy)  whether a copy that differs from its part is of no use any more
//   send(ids)         sends parts anew
(function () {
  "use strict";

  const PREFIX = "perftrack:typed:";
  const OLDEST = 14 * 24 * 3600 * 1000;
  const LONGEST_WAIT = 60;

  function keepTyped(page) {
    const key = `${PREFIX}${page.form.dataset.person}:${page.name}`;
    const keeper = { isLeaving: false, read, write, copy, send, isTold, isEmpty }; // leaving is meant: signing out or in again, submitting
    let wait = 2;
    let timer = null;

    // Copies -------------------------------------------------------------------------------------------------

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

    function isEmpty() {
      return !Object.keys(read()).length;
    }

    function copy(part) {
      const copies = read();
      copies[part.id] = { texts: texts(part), at: Date.now() };
      write(copies);
    }

    // A copy whose texts the server has kept goes; one that was typed on meanwhile stays.
    function drop(sent) {
      const copies = read();
      Object.keys(copies).forEach((id) => {
        if (sent.get(id) && same(copies[id].texts, sent.get(id))) delete copies[id];
      });
      write(copies);
    }

    function fieldsOf(part) {
      const named = Array.from(part.querySelectorAll("input[name], select[name], textarea[name]"));
      return named.filter((field) => page.fields.test(field.name));
    }

    function texts(part) {
      return Object.fromEntries(fieldsOf(part).map((field) => [nameOf(field), isChoice(field) ? String(field.checked) : field.value]));
    }

    function fill(part, all) {
      fieldsOf(part).forEach((field) => {
        const text = all[nameOf(field)];
        if (text === undefined) return;
        if (isChoice(field)) field.checked = text === "true";
        else field.value = text;
      });
    }

    // Sending ------------------------------------------------------------------------------------------------

    function onTyped(event) {
      const part = event.target.closest(page.parts);
      if (part && (event.target === part || page.fields.test(event.target.name))) copy(part);
    }

    function onRequest(event) {
      const parts = event.defaultPrevented ? null : page.taken(event);
      if (!parts) return;
      if (navigator.onLine) event.detail.xhr.sent = new Map(parts.map((part) => [part.id, texts(part)]));
      else {
        event.preventDefault();
        later();
      }
    }

    // An answer from another address is the door: the session has ended.
    function onAnswer(event) {
      const { xhr, requestConfig } = event.detail;
      if (!xhr || !xhr.responseURL || !requestConfig) return;
      const answered = new URL(xhr.responseURL).pathname;
      if (answered !== new URL(requestConfig.path, window.location.href).pathname) {
        event.detail.shouldSwap = false;
        tell("ended", "signIn", `${answered}?next=${encodeURIComponent(window.location.pathname)}`);
      } else if (xhr.status === 200 && xhr.sent && page.isKept(event)) {
        drop(xhr.sent);
        wait = 2;
        if (isEmpty()) quiet();
      }
    }

    function onLost(event) {
      if (page.taken(event)) later();
    }

    function onRefused(event) {
      if (!page.taken(event)) return;
      if (event.detail.xhr.status >= 500 || event.detail.xhr.status === 0) later();
      else tell("stale", "reload", window.location.pathname + window.location.search);
    }

    function later() {
      tell("offline");
      window.clearTimeout(timer);
      timer = window.setTimeout(retry, wait * 1000);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    }

    function retry() {
      window.clearTimeout(timer);
      if (isEmpty()) quiet();
      else if (navigator.onLine) send();
      else later();
    }

    function send() {
      page.send(Object.keys(read()));
    }

    // Telling ------------------------------------------------------------------------------------------------

    function isTold() {
      return Boolean(document.getElementById(page.lost));
    }

    function quiet() {
      const told = document.getElementById(page.lost);
      if (told) told.remove();
    }

    function tell(name, word, address) {
      let told = document.getElementById(page.lost);
      if (!told) {
        told = document.createElement("span");
        told.id = page.lost;
        told.className = page.look;
        told.setAttribute("role", "alert");
        page.before().before(told);
      }
      const words = `⚠ ${page.sentences[name]}`;
      if (told.firstChild && told.firstChild.textContent === words) return;
      told.replaceChildren(words);
      if (!word) return;
      const anchor = document.createElement("a");
      anchor.href = address;
      anchor.textContent = page.sentences[word];
      anchor.addEventListener("click", () => { keeper.isLeaving = true; });
      told.append(anchor);
    }

    // Coming and going ---------------------------------------------------------------------------------------

    function onSubmit(event) {
      if (navigator.onLine) {
        keeper.isLeaving = true;
        return;
      }
      event.preventDefault();
      tell("cannotSubmit");
    }

    // A text comes back with the number of what it was typed over, so it covers nobody else's unseen.
    function restore() {
      const copies = read();
      Object.keys(copies).forEach((id) => {
        const part = document.getElementById(id);
        if (!part || !part.matches(page.parts) || same(copies[id].texts, texts(part)) || page.isDone(part, copies[id])) {
          delete copies[id];
          return;
        }
        delete copies[id].sent;
        fill(part, copies[id].texts);
      });
      write(copies);
      const count = Object.keys(copies).length;
      if (!count) return;
      const told = document.getElementById(page.told);
      told.textContent = page.sentences.restored.replace("#", count);
      told.hidden = false;
      window.addEventListener("load", send);
    }

    page.form.addEventListener("input", onTyped);
    page.form.addEventListener("change", onTyped);
    page.form.addEventListener("submit", onSubmit);
    document.addEventListener("htmx:beforeRequest", onRequest);
    document.addEventListener("htmx:beforeSwap", onAnswer);
    document.addEventListener("htmx:sendError", onLost);
    document.addEventListener("htmx:responseError", onRefused);
    window.addEventListener("online", retry);
    // Signing out is meant; the script of every page takes the copies away.
    document.addEventListener("submit", (event) => {
      if (event.target.matches("form[action*='logout']")) keeper.isLeaving = true;
    });
    restore();
    return keeper;
  }

  function isChoice(field) {
    return field.type === "radio" || field.type === "checkbox";
  }

  function nameOf(field) {
    return isChoice(field) ? `${field.name}=${field.value}` : field.name;
  }

  // What was seen when it was typed is no part of what was typed.
  function same(one, other) {
    return Object.keys(one).filter((name) => !name.endsWith("-seen")).every((name) => one[name] === other[name]);
  }

  function forget(form, name) {
    window.localStorage.removeItem(`${PREFIX}${form.dataset.person}:${name}`);
  }

  function forgetOld() {
    Object.keys(window.localStorage).filter((name) => name.startsWith(PREFIX)).forEach((name) => {
      try {
        const copies = Object.values(JSON.parse(window.localStorage.getItem(name)));
        if (!copies.some((row) => Date.now() - row.at < OLDEST)) window.localStorage.removeItem(name);
      } catch (_broken) {
        window.localStorage.removeItem(name);
      }
    });
  }

  window.perftrack = { keepTyped, forget };
  forgetOld();
})();
