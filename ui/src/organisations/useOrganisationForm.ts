// The form's state: what is typed, what is wrong with it, and whether leaving would lose something.

import { useBlocker } from "@tanstack/react-router";
import { useCallback, useEffect, useState } from "react";
import { useForm } from "react-hook-form";
import type { Failure, Organisation } from "../host";
import { EMPTY_FORM, FIELD_LABELS, formField, formOf, type OrganisationForm, problemsOf } from "./fields";

export function useOrganisationForm(organisation: Organisation | null) {
  const { register, control, handleSubmit, reset, watch, setFocus, formState } = useForm<OrganisationForm>({ defaultValues: organisation ? formOf(organisation) : EMPTY_FORM });
  const [tried, setTried] = useState(false);
  const [refused, setRefused] = useState<{ field: keyof OrganisationForm; message: string } | null>(null);
  const [banner, setBanner] = useState<Failure | null>(null);
  const dirty = formState.isDirty;
  const touched: Partial<Record<keyof OrganisationForm, unknown>> = formState.touchedFields;
  // A change from elsewhere shows at once, unless something was typed here that it would overwrite.
  const stored = organisation === null ? null : JSON.stringify(formOf(organisation));
  useEffect(() => {
    if (stored !== null && !dirty) reset(JSON.parse(stored) as OrganisationForm);
  }, [stored, dirty, reset]);
  const form = watch();
  const problems = problemsOf(form);
  const refusedValue = refused === null ? null : JSON.stringify(form[refused.field]);

  // What the core refused is wrong only until it is changed.
  const [refusedAt, setRefusedAt] = useState<string | null>(null);
  useEffect(() => {
    if (refused !== null && refusedAt !== null && refusedValue !== refusedAt) setRefused(null);
  }, [refused, refusedAt, refusedValue]);

  const errorOf = (field: keyof OrganisationForm): string | null => {
    if (refused?.field === field) return refused.message;
    const problem = problems[field] ?? null;
    // Said once the field was left, or at once where more letters only make it worse.
    return tried || touched[field] || problem?.includes("too long") ? problem : null;
  };
  const wrong = (Object.keys(FIELD_LABELS) as (keyof OrganisationForm)[]).filter((field) => errorOf(field) !== null);

  /** Puts a failure beside its field, or in the banner when it has none here. */
  const fail = useCallback(
    (failure: Failure) => {
      const named = formField(failure.field);
      // What is wrong with an environment of one's own is its address.
      const field = named === "environment" && watch("environment") === "custom" ? "baseUrl" : named;
      if (field === null) {
        setBanner(failure);
        return;
      }
      setRefused({ field, message: failure.message });
      setRefusedAt(JSON.stringify(watch(field)));
      // These are not registered inputs: found by their names.
      if (field === "httpProxy" || field === "httpsProxy" || field === "caFile") setTimeout(() => document.querySelector<HTMLElement>(`[name="${field}"]`)?.focus());
      else setFocus(field);
    },
    [watch, setFocus],
  );

  const submit = (send: (form: OrganisationForm) => Promise<void>) =>
    handleSubmit(async (values) => {
      setTried(true);
      setBanner(null);
      setRefused(null);
      const found = problemsOf(values);
      const first = (Object.keys(FIELD_LABELS) as (keyof OrganisationForm)[]).find((field) => found[field] !== undefined);
      if (first !== undefined) {
        setFocus(first);
        return;
      }
      await send(values);
    });

  const discard = () => {
    reset(organisation ? formOf(organisation) : EMPTY_FORM);
    setTried(false);
    setRefused(null);
    setBanner(null);
  };
  const saved = (now: Organisation) => {
    reset(formOf(now));
    setTried(false);
  };

  const blocker = useBlocker({ shouldBlockFn: () => dirty, enableBeforeUnload: () => dirty, withResolver: true });
  return { register, control, errorOf, wrong, dirty, banner, submit, fail, discard, saved, blocker };
}

export type OrganisationFormState = ReturnType<typeof useOrganisationForm>;
