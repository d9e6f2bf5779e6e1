// The sum of the shares while they are typed.
export default function start(form) {
  const fields = [...form.querySelectorAll("[data-share]")];
  const total = form.querySelector("[data-total]");
  form.addEventListener("input", () => {
    total.textContent = fields.reduce((sum, field) => sum + (Number(field.value) || 0), 0);
  });
}
