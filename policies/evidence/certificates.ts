import { X509Certificate } from "node:crypto";
import type { Found } from "../../chart/values";

/** The certificates of a PEM text; undefined where it is none, or one of them cannot be read. */
export function certificatesIn(pem: Found): X509Certificate[] | undefined {
  const blocks =
    typeof pem === "string" ? pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) : null;
  try {
    return blocks?.map((block) => new X509Certificate(block));
  } catch {
    return undefined;
  }
}
