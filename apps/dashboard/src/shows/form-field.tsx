// One labelled text field with its error right below, tied to it for screen readers.
import { useId, type ReactNode, type Ref } from 'react';

type FormFieldProps = {
  readonly label: string;
  readonly name: string;
  readonly defaultValue?: string;
  readonly error?: string | undefined;
  readonly hint?: string;
  readonly isRequired?: boolean;
  readonly isMono?: boolean;
  readonly ref?: Ref<HTMLInputElement>;
};

export function FormField(props: FormFieldProps): ReactNode {
  const { label, name, defaultValue = '', error, hint, isRequired = false, isMono = false, ref } = props;
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        ref={ref}
        className={isMono ? 'input input--mono' : 'input'}
        name={name}
        defaultValue={defaultValue}
        autoComplete="off"
        aria-required={isRequired}
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-note`}
      />
      <p id={`${id}-note`} className={error === undefined ? 'field__hint' : 'field__error'}>
        {error ?? hint}
      </p>
    </div>
  );
}
