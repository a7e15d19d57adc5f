import type { JsonObject } from '../core/json.ts'

/** Changes something, given the body of a request, and answers what is to be sent as JSON. */
export type LabAction = (input: JsonObject) => Promise<object>
