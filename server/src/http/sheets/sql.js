// Ctrl Enter, or Cmd Enter, runs the question. All else of the page works without script.
const question = document.getElementById("question");
question.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  question.form.requestSubmit();
});
