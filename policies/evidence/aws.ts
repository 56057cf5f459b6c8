import type { Truth } from "../../chart/three-valued";
import { type Found, UNKNOWN } from "../../chart/values";

/** Annotations of a Service about its load balancer, and of an Ingress about its ALB, begin so. */
export const loadBalancerAnnotation = "service.beta.kubernetes.io/aws-load-balancer-";
export const albAnnotation = "alb.ingress.kubernetes.io/";

/** AWS resources take booleans also as texts. */
export function isOn(value: Found): Truth {
  if (value === UNKNOWN) return UNKNOWN;
  return value === true || (typeof value === "string" && value.toLowerCase() === "true");
}

/** Whether a flag is explicitly off; absent is not off. */
export function isOff(value: Found): Truth {
  if (value === UNKNOWN) return UNKNOWN;
  return value === false || (typeof value === "string" && value.toLowerCase() === "false");
}

/** A number, also one written as a text. */
export function toNumber(value: Found): Found {
  return typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
}

const certificateArn = /^arn:aws[a-z-]*:(acm:[^:<>]+:[^:<>]*:certificate|iam::[^:<>]*:server-certificate)\/[^\s<>]+$/;

/** Whether a text names certificates of ACM or IAM: one, or several with commas between them. */
export function isCertificateArn(value: Found): boolean {
  return typeof value === "string" && value.split(",").every((arn) => certificateArn.test(arn.trim()));
}
