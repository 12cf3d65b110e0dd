// Keys, focus and what shows with what. Every figure, reading and refusal comes from the server.
(function () {
  "use strict";

  const untouched = new WeakMap(); // what stood in a form when it was opened
  let asked = ""; // what stood in the live part of the form when it was last sent

  const page = () => document.querySelector(".ed-page");
  const openForms = () => Array.from(document.querySelectorAll(".ed-piece.is-open form"));

  function said(root) {
    return Array.from(root.querySelectorAll("input, select, textarea"))
      .map((field) => `${field.name}=${field.type === "checkbox" || field.type === "radio" ? field.checked : field.value}`)
      .join("\n");
  }

  function isTouched(form) {
    return form.querySelector(".ed-error, .alert-danger") !== null || (untouched.has(form) && untouched.get(form) !== said(form));
  }

  // What shows with what: data-when="operator:equal,range;basis:fixed" names fields of the same group.
  function show(root) {
    root.querySelectorAll("[data-when]").forEach((place) => {
      const group = place.closest("[data-group]");
      const prefix = group ? `${group.dataset.group}-` : "";
      const form = place.closest("form");
      place.hidden = !place.dataset.when.split(";").every((rule) => {
        const [name, values] = rule.split(":");
        const field = form.querySelector(`[name="${prefix}${name}"]`);
        return !field || values.split(",").includes(field.value);
      });
    });
    // What hangs on something hidden is hidden with it.
    root.querySelectorAll("[data-when]:not([hidden])").forEach((place) => {
      const group = place.closest("[data-group]");
      if (!group || !/^(years|factor|offset|scope_count|members|planned)/.test(leader(place))) return;
      const hidden = place.dataset.when.split(";").some((rule) => {
        const field = group.querySelector(`[name="${group.dataset.group}-${rule.split(":")[0]}"]`);
        return field && field.closest("[data-when][hidden]");
      });
      place.hidden = hidden;
    });
  }

  function leader(place) {
    const field = place.querySelector("input, select, textarea");
    return field ? field.name.slice(field.name.indexOf("-") + 1) : "";
  }

  function focusFirst(form) {
    const wrong = form.querySelector("[aria-invalid=true], .is-invalid");
    const fields = Array.from(form.querySelectorAll("input:not([type=hidden]), select, textarea"));
    const target = wrong || fields.find((field) => !field.disabled && field.offsetParent !== null);
    if (target) {
      const fold = target.closest("details:not([open])");
      if (fold) fold.open = true;
      target.focus();
      if (wrong) (wrong.closest(".ed-field") || wrong).scrollIntoView({ block: "nearest" }); // with the sentence below it
    }
  }

  function opened(form) {
    if (untouched.has(form)) return;
    show(form);
    untouched.set(form, said(form));
    openForms().forEach((other) => {
      if (other !== form && !isTouched(other)) other.querySelector(".ed-cancel").click();
    });
    focusFirst(form);
  }

  function onKey(event) {
    if (event.isComposing) return;
    const form = event.target.closest(".ed-piece.is-open form");
    if (event.key === "Escape") {
      const menu = event.target.closest("details.ed-more[open]");
      if (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      } else if (form) {
        event.preventDefault();
        form.querySelector(".ed-cancel").click();
      }
    } else if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  }

  // Another piece is asked for while this one holds something that was typed: nothing is thrown away unasked.
  function onConfirm(event) {
    const element = event.detail.elt;
    const body = element.closest("#editor-body");
    if (!body) return;
    const own = element.closest(".ed-piece.is-open form");
    const isLeaving = own ? element.matches(".ed-cancel") : true;
    const lost = isLeaving && openForms().some((form) => isTouched(form) && (!own || form === own));
    if (!lost) return;
    event.preventDefault();
    if (window.confirm(page().dataset.leave)) {
      openForms().forEach((form) => untouched.delete(form));
      event.detail.issueRequest(true);
    }
  }

  function onBeforeSwap(event) {
    const status = event.detail.xhr.status;
    if (status === 422) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    } else if (status === 403) {
      window.location.reload(); // somebody passed it on meanwhile: the page says so
    }
    if (event.detail.target.id === "ed-live" && status === 200 && said(event.detail.target) !== asked) {
      event.detail.shouldSwap = false; // typed on while the answer was on its way
      window.htmx.trigger(event.detail.target, "again");
    }
  }

  function onAfterSettle(event) {
    openForms().forEach(opened);
    onRefused();
    const live = event.detail.elt && event.detail.elt.id === "ed-live" ? document.getElementById("ed-live") : null;
    if (live) show(live);
    const words = event.detail.elt && event.detail.elt.matches(".ed-library") ? document.getElementById("ed-words") : null;
    if (words && document.activeElement !== words) words.focus();
  }

  function onSaved(event) {
    const place = document.getElementById(event.detail.place);
    const target = place ? place.querySelector(".ed-edit") || place : document.getElementById("ed-undo");
    if (!target) return;
    target.focus({ preventScroll: true });
    (place || target).scrollIntoView({ block: "nearest" });
  }

  // What was refused is said at the bottom of the window; the keyboard goes on at the piece that it was about.
  function onRefused() {
    const alert = document.querySelector("[data-refused]");
    if (!alert || alert.dataset.seen) return;
    alert.dataset.seen = "yes";
    const place = document.getElementById(alert.dataset.refused);
    const target = place ? place.querySelector(".ed-edit") || place : document.getElementById("ed-undo");
    if (target) target.focus({ preventScroll: true });
    if (place) place.scrollIntoView({ block: "nearest" });
  }

  // A finding may name a column that has no place of its own: then its piece is meant.
  function aim() {
    let name = decodeURIComponent(window.location.hash.slice(1));
    if (!name.startsWith("piece-")) return;
    while (name.includes("-") && !document.getElementById(name)) name = name.slice(0, name.lastIndexOf("-"));
    const place = document.getElementById(name);
    if (!place) return;
    place.scrollIntoView({ block: "start" });
    const piece = place.closest(".ed-piece");
    if (piece) piece.focus({ preventScroll: true });
  }

  function start() {
    if (!page()) return;
    openForms().forEach(opened);
    document.addEventListener("keydown", onKey);
    document.addEventListener("change", (event) => {
      const form = event.target.closest(".ed-piece.is-open form");
      if (form) show(form);
    });
    document.addEventListener("click", (event) => {
      if (event.target.closest(".ed-dismiss")) event.target.closest(".ed-refused").remove();
      document.querySelectorAll("details.ed-more[open]").forEach((menu) => {
        if (!menu.contains(event.target)) menu.open = false;
      });
    });
    document.body.addEventListener("htmx:confirm", onConfirm);
    document.body.addEventListener("htmx:beforeRequest", (event) => {
      if (event.detail.elt.id === "ed-live") asked = said(event.detail.elt);
    });
    document.body.addEventListener("htmx:beforeSwap", onBeforeSwap);
    document.body.addEventListener("htmx:afterSettle", onAfterSettle);
    document.body.addEventListener("piece-saved", onSaved);
    window.addEventListener("hashchange", aim);
    window.addEventListener("beforeunload", (event) => {
      if (openForms().some(isTouched)) event.preventDefault();
    });
    aim();
  }

  document.addEventListener("DOMContentLoaded", start);
})();
