import assert from "node:assert/strict";
import test from "node:test";
import { FIELDS, fillForm, halfTyped, readForm, showErrors } from "../src/profile.mjs";

globalThis.Option = class {
  constructor(text, value) {
    Object.assign(this, { text, value });
  }
};

/** As much of a form as the module touches. */
function emptyForm() {
  const places = Object.fromEntries(FIELDS.map((field) => [`${field}-error`, { textContent: "" }]));
  const elements = Object.fromEntries(FIELDS.map((field) => [field, control(field)]));
  elements.gender.options = ["", "female", "male", "other"].map((value) => new Option(value, value));
  elements.gender.add = (option) => elements.gender.options.push(option);
  return {
    elements,
    places,
    focused: null,
    ownerDocument: { getElementById: (id) => places[id] },
    querySelector() {
      const first = FIELDS.find((field) => elements[field].invalid);
      return first && { focus: () => (this.focused = first) };
    },
  };
}

const control = () => ({
  value: "",
  validity: { badInput: false },
  invalid: false,
  setAttribute() { this.invalid = true; },
  removeAttribute() { this.invalid = false; },
});

test("reads what is filled in, trimmed, and leaves out what is empty", () => {
  const form = emptyForm();
  form.elements.name.value = "  梁爱丽 ";
  form.elements.companions.value = "   ";
  form.elements.birth_date.value = "1980-04-03";
  assert.deepEqual(readForm(form), { name: "梁爱丽", birth_date: "1980-04-03" });
});

test("fills in a profile and reads the same back", () => {
  const form = emptyForm();
  const about = { name: "Alice", gender: "female", birth_date: "1980-04-03", email: "a@example.com" };
  const profile = { ...about, contact_info: "138", emergency_contact: "Bob", companions: "2", checkup_date: "2027-05-06" };
  fillForm(form, { ...profile, companions: 2, user_id: "not a field" });
  assert.deepEqual(readForm(form), profile);
});

test("empties what the profile does not have", () => {
  const form = emptyForm();
  form.elements.name.value = "left over";
  fillForm(form, { email: null });
  assert.deepEqual(readForm(form), {});
});

test("keeps a choice this page does not know", () => {
  const form = emptyForm();
  fillForm(form, { gender: "nonbinary" });
  assert.equal(readForm(form).gender, "nonbinary");
});

test("shows errors next to their fields, takes old ones away and puts the focus on the first", () => {
  const form = emptyForm();
  showErrors(form, { email: "Wrong." });
  const elsewhere = showErrors(form, { birth_date: "In the future.", name: "Needed.", user_id: "Unknown." });
  assert.equal(form.places["name-error"].textContent, "Needed.");
  assert.equal(form.places["email-error"].textContent, "");
  assert.deepEqual(FIELDS.filter((field) => form.elements[field].invalid), ["name", "birth_date"]);
  assert.equal(form.focused, "name");
  assert.deepEqual(elsewhere, ["user_id: Unknown."]);
});

test("notices a date that is half typed", () => {
  const form = emptyForm();
  form.elements.checkup_date.validity.badInput = true;
  assert.deepEqual(halfTyped(form), ["checkup_date"]);
});
