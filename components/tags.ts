/** Tags of AWS resources: plain strings, so that they can be shown in previews. */
export type Tags = Readonly<Record<string, string>>;

/** The given tags plus `Name`, by which the AWS console shows a resource. */
export function named(name: string, tags: Tags = {}): Record<string, string> {
  return { ...tags, Name: name };
}
