import { safeParse, type z } from "zod";

/**
 * A value that the schema accepts, for whoever gave one that it does not: the default, or what the refusals of the schema and
 * its parts show.
 * @returns undefined where nothing shows one, as with secrets.
 */
export function exampleOf(schema: z.core.$ZodType | undefined): unknown {
  const { def } = (schema as z.core.$ZodTypes | undefined)?._zod ?? {};
  switch (def?.type) {
    case undefined:
      return undefined;
    case "default":
      return isEmpty(def.defaultValue) ? exampleOf(def.innerType) : def.defaultValue;
    case "prefault":
    case "optional":
      return exampleOf(def.innerType);
    case "pipe":
      return exampleOf(isTransform(def.in) ? def.out : def.in);
    case "literal":
      return def.values[0];
    case "enum":
      return Object.values(def.entries)[0];
    case "union":
      return exampleOf(def.options[0]);
    case "boolean":
      return true;
    case "array": {
      const item = exampleOf(def.element);
      return item === undefined ? undefined : [item];
    }
    case "record": {
      const [key, value] = [exampleOf(def.keyType), exampleOf(def.valueType)];
      return key === undefined || value === undefined ? undefined : { [String(key)]: value };
    }
    case "object":
      return exampleOfObject(def.shape);
    case "number": {
      const shown = shownByRefusal(schema);
      return shown === undefined ? undefined : Number(shown);
    }
    default:
      return shownByRefusal(schema);
  }
}

/** What has to be given, or the first of what can be. */
function exampleOfObject(shape: z.core.$ZodShape): Record<string, unknown> | undefined {
  const parts = Object.entries(shape);
  const needed = parts.filter(([, part]) => !safeParse(part, undefined).success);
  const shown = (needed.length > 0 ? needed : parts.slice(0, 1)).map(([key, part]) => [key, exampleOf(part)]);
  return shown.every(([, value]) => value !== undefined) ? Object.fromEntries(shown) : undefined;
}

/** Words of formats end with an example. One that is a command is none of a value. */
function shownByRefusal(schema: z.core.$ZodType | undefined): string | undefined {
  if (schema === undefined) return undefined;
  const words = [undefined, ""].map((unfit) => safeParse(schema, unfit).error?.issues[0]?.message ?? "");
  return words.flatMap((each) => /, for example (?!by `)(.+)$/.exec(each)?.[1] ?? [])[0];
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function isTransform(schema: z.core.$ZodType): boolean {
  return (schema as z.core.$ZodTypes)._zod.def.type === "transform";
}

/** What defaults, refinements and transformations are wrapped around. */
export function withoutWrappers(schema: z.core.$ZodType): z.core.$ZodType {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "default":
    case "prefault":
    case "optional":
      return withoutWrappers(def.innerType);
    case "pipe":
      return withoutWrappers(isTransform(def.in) ? def.out : def.in);
    default:
      return schema;
  }
}
