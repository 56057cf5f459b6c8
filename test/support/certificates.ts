import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface CertificateRequest {
  readonly names: readonly string[];
  /** Arguments of `openssl genpkey`. */
  readonly algorithm?: readonly string[];
  readonly days?: number;
  /** Extended key usage. */
  readonly usage?: string;
  /** Who signs it; default: itself. */
  readonly issuer?: KeyPair;
}

/** A certificate and its key, as PEM text. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

const p256 = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];

/** Makes a certificate with OpenSSL, which is not the code that reads it. */
export function makeCertificate({ names, algorithm = p256, days = 90, usage, issuer }: CertificateRequest): KeyPair {
  const folder = mkdtempSync(join(tmpdir(), "certificate-"));
  const file = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  try {
    openssl("genpkey", ...algorithm, "-out", file("key.pem"));
    const subject = ["-subj", `/CN=${names[0] ?? "nobody"}`, "-key", file("key.pem")];
    const extensions = [
      ...(names.length > 0 ? [`subjectAltName=${names.map((name) => `DNS:${name}`).join(",")}`] : []),
      ...(usage === undefined ? [] : [`extendedKeyUsage=${usage}`]),
    ];
    if (issuer === undefined) {
      const added = extensions.flatMap((extension) => ["-addext", extension]);
      openssl("req", "-x509", "-new", ...subject, "-days", String(days), ...added, "-out", file("certificate.pem"));
    } else {
      writeFileSync(file("ca.pem"), issuer.certificate);
      writeFileSync(file("ca-key.pem"), issuer.key);
      writeFileSync(file("extensions"), extensions.join("\n"));
      openssl("req", "-new", ...subject, "-out", file("request.pem"));
      const signing = ["-CA", file("ca.pem"), "-CAkey", file("ca-key.pem"), "-CAcreateserial", "-days", String(days)];
      openssl(
        "x509",
        "-req",
        "-in",
        file("request.pem"),
        ...signing,
        "-extfile",
        file("extensions"),
        "-out",
        file("certificate.pem"),
      );
    }
    return {
      certificate: readFileSync(file("certificate.pem"), "utf8"),
      key: readFileSync(file("key.pem"), "utf8"),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The day on which it ends, in UTC, as OpenSSL reads it: at midnight "in 90 days" is another day than a moment ago. */
export function endOf({ certificate }: KeyPair): string {
  const told = execFileSync("openssl", ["x509", "-noout", "-enddate"], { input: certificate, encoding: "utf8" });
  return new Date(told.replace("notAfter=", "")).toISOString().slice(0, 10);
}

/** The same key behind a passphrase. */
export function encrypted(key: string): string {
  return execFileSync("openssl", ["pkey", "-aes256", "-passout", "pass:secret"], { input: key, encoding: "utf8" });
}
