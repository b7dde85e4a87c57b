/** The fields of a profile, in the members API's own names. */
export const FIELDS = ["name", "gender", "birth_date", "email", "contact_info", "emergency_contact", "companions", "checkup_date"];

/** What the form holds, as the API takes it: what is left empty is left out. */
export function readForm(form) {
  const values = FIELDS.map((field) => [field, form.elements[field].value.trim()]);
  return Object.fromEntries(values.filter(([, value]) => value !== ""));
}

export function fillForm(form, profile) {
  for (const field of FIELDS) {
    const control = form.elements[field];
    const value = String(profile[field] ?? "");
    // A value this page has no choice for stays as it is, instead of being lost with the next save.
    if (control.options && ![...control.options].some((option) => option.value === value)) control.add(new Option(value, value));
    control.value = value;
  }
}

/** Dates the browser could not make sense of: it hands out an empty value for them. */
export function halfTyped(form) {
  return FIELDS.filter((field) => form.elements[field].validity.badInput);
}

/**
 * Shows next to each field what is wrong with it, and puts the focus on the first.
 * @param errors field → sentence
 * @returns the sentences for which the form has no field
 */
export function showErrors(form, errors) {
  for (const field of FIELDS) {
    form.ownerDocument.getElementById(`${field}-error`).textContent = errors[field] ?? "";
    if (field in errors) form.elements[field].setAttribute("aria-invalid", "true");
    else form.elements[field].removeAttribute("aria-invalid");
  }
  form.querySelector("[aria-invalid]")?.focus();
  return Object.entries(errors).filter(([field]) => !FIELDS.includes(field)).map(([field, sentence]) => `${field}: ${sentence}`);
}
