import { at, type Found, UNKNOWN } from "../../chart/values";
import { codeMentioning, type Hub } from "./hub";

/** A setting as the hub gets it, and the path that decided it. */
export interface Setting {
  readonly value: Found;
  readonly path: string;
}

/** A trait in a section of `hub.config`; unknown when Python code mentions it, which runs later. */
export function configured(hub: Hub, section: string, trait: string): Setting {
  const code = codeMentioning(hub, trait);
  if (code) return { value: UNKNOWN, path: code };
  const path = `hub.config.${section}.${trait}`;
  return { value: at(hub.values, path), path };
}

/** The first of the settings that is given. */
export function firstGiven(...settings: readonly Setting[]): Setting | undefined {
  return settings.find(({ value }) => value !== undefined && value !== null && value !== "");
}

/** The path under which the hub answers, with a slash at either end. */
export function baseUrl(hub: Hub): Setting {
  const given = firstGiven(configured(hub, "JupyterHub", "base_url"), {
    value: at(hub.values, "hub.baseUrl"),
    path: "hub.baseUrl",
  });
  if (given === undefined) return { value: "/", path: "hub.baseUrl" };
  const { value, path } = given;
  return { value: typeof value === "string" ? `/${value}/`.replace(/\/{2,}/g, "/") : UNKNOWN, path };
}
