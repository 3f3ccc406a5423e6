// A text that was typed and not sent: leaving the page asks first, and so does sending another form of it.
(() => {
  const typed = new Set();
  document.querySelectorAll("form[data-unsaved]").forEach((form) => {
    form.addEventListener("input", () => typed.add(form));
    form.addEventListener("submit", () => typed.delete(form));
  });
  addEventListener("beforeunload", (event) => typed.size && event.preventDefault());
})();
