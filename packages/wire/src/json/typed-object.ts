/** What every object of the API says of itself. */
export interface TypedObject {
  readonly apiVersion: string;
  readonly kind: string;
}

/** An object in the form that Go's encoding/json gives it. Nothing of it is shared with what it was made of. */
export interface JsonObject extends TypedObject {
  [member: string]: unknown;
}
