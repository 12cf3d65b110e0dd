// The one thing a page cannot ask for without a script: the printer.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) {
    window.print();
  }
});
