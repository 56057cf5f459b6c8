import kubernetesPackage from "@pulumi/kubernetes/package.json";
import type { Provider } from "../provider";
import { isUnknown } from "../wire";
import { constructObjects, template } from "./chart-component";
import { serverOf } from "./cluster";
import { releaseToken, releaseType } from "./helm";
import { objectTypeOf } from "./objects";
import { decode } from "./rendering";

/** Stands in for the kubernetes provider, Helm releases included. */
export const kubernetes: Provider = {
  name: "kubernetes",
  version: kubernetesPackage.version,
  typeOf: (token) => (token === releaseToken ? releaseType : objectTypeOf(token)),
  checkConfig: (config) => {
    const given = config.kubeconfig;
    if (given === undefined || isUnknown(given) || serverOf(config) !== undefined) return [];
    return [{ property: "kubeconfig", reason: "failed to parse kubeconfig data: there is no current cluster in it" }];
  },
  // Another cluster means that everything has to be made anew there.
  configReplaces: (olds, news) => {
    if (isUnknown(news.kubeconfig) || serverOf(olds) === serverOf(news)) return [];
    return ["kubeconfig"];
  },
  functions: {
    "kubernetes:helm:template": template,
    "kubernetes:yaml:decode": ({ text }) => ({ result: decode(String(text)) }),
  },
  construct: constructObjects,
};
