// Why a show could not be saved, sorted to the fields of its form.
import { ProblemError } from '../http/api.ts';
import { formErrorsOf, type FormErrors } from '../http/problem.ts';

const none: FormErrors = { fields: {}, form: null };

/** `fields` are the names that the form has; what belongs to no field is the form's. */
export function showErrorsOf(error: Error | null, fields: readonly string[]): FormErrors {
  if (error === null) return none;
  if (!(error instanceof ProblemError)) return { fields: {}, form: error.message };
  // A conflict has no pointer, but this one is about one field.
  if (error.code === 'slug-taken' && fields.includes('slug')) return { fields: { slug: error.message }, form: null };
  return formErrorsOf(error.problem, fields);
}

/** The first field with an error, in the order of the form: where the focus belongs. */
export function firstFieldWithError({ fields }: FormErrors, order: readonly string[]): string | null {
  return order.find((field) => field in fields) ?? null;
}
