import type { AdmissionRequest } from "../admission/admission.ts";
import type { ApiContext } from "./api-context.ts";

/** Lets the admission plugins change the object of a request. @throws ApiError */
export function mutateByAdmission({ admission, store }: ApiContext, request: AdmissionRequest): void {
  for (const plugin of admission) plugin.mutate?.(request, store);
}

/** Lets the admission plugins refuse a request whose object is complete. @throws ApiError */
export function validateByAdmission({ admission, store }: ApiContext, request: AdmissionRequest): void {
  for (const plugin of admission) plugin.validate?.(request, store);
}
