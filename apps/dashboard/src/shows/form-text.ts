// What was typed into a field of a form.

/** The text of the field `name`, trimmed; '' when the form has no such field. */
export function formText(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name);
  return typeof value === 'string' ? value.trim() : '';
}
