import type { Middleware } from 'koa';

export interface LandingOptions {
  demo: boolean;
  baseUrl: string;
  fhirBase: string;
  dataDir: string;
  version: string;
}

/** The page at `/`: what is where, and how to try it. */
export function landingPage(options: LandingOptions): Middleware {
  const page = html(options);
  return async (ctx, next) => {
    if (ctx.path !== '/' || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) return next();
    ctx.set(
      'Content-Security-Policy',
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    );
    ctx.set('X-Content-Type-Options', 'nosniff');
    ctx.type = 'text/html; charset=utf-8';
    ctx.body = page;
  };
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const row = (label: string, url: string): string =>
  `<tr><th scope="row">${escape(label)}</th><td><a href="${escape(url)}">${escape(url)}</a></td></tr>`;

function html({ demo, baseUrl, fhirBase, dataDir, version }: LandingOptions): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>FHIR gateway</title>
<style>
body{font:16px/1.55 system-ui,sans-serif;max-width:46rem;margin:0 auto;padding:2rem 1rem;color:#1b2733;background:#fbfcfd}
h1{font-size:1.7rem;margin:0 0 .3rem}h2{font-size:1.15rem;margin:2rem 0 .5rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .6rem .4rem 0;border-bottom:1px solid #dfe6ec;vertical-align:top}
th{font-weight:600;white-space:nowrap}a{color:#0b62a4;overflow-wrap:anywhere}
pre{background:#eef2f5;padding:.8rem;overflow-x:auto;border-radius:6px;font-size:.85rem}code{font-size:.95em}
@media(max-width:32rem){th,td{display:block;border:0;padding:.1rem 0}td{border-bottom:1px solid #dfe6ec;padding-bottom:.5rem;margin-bottom:.4rem}}
</style>
</head>
<body>
<h1>FHIR gateway</h1>
<p>FHIR R4 in front, a ledger behind. A patient's <code>Consent</code> is the grant on the ledger, and every read is
answered for. Version ${escape(version)}.</p>
<h2>What is where</h2>
<table>
${row('FHIR base', fhirBase)}
${row('CapabilityStatement', `${fhirBase}/metadata`)}
${row('SMART configuration', `${fhirBase}/.well-known/smart-configuration`)}
${row('OpenID configuration', `${baseUrl}/.well-known/openid-configuration`)}
${row('Ready to serve', `${baseUrl}/readyz`)}
${row('Metrics', `${baseUrl}/metrics`)}
</table>
${demo ? demoPart(fhirBase, dataDir) : ''}
</body>
</html>
`;
}

function demoPart(fhirBase: string, dataDir: string): string {
  return `<h2>Try it</h2>
<p>Log in with any SMART app as the public client <code>demo-app</code> (PKCE, redirect to
<code>http://127.0.0.1:&lt;any port&gt;/callback</code>). Every demo account has the password
<code>demo-Passw0rd</code>.</p>
<table>
<tr><th scope="row">Patients</th><td>maragret@demo.example, shannon@demo.example, clyde@demo.example,
dionne@demo.example, lashawnda@demo.example</td></tr>
<tr><th scope="row">Doctors</th><td>doctor@demo.example, doctor2@demo.example</td></tr>
<tr><th scope="row">Lab</th><td>lab@demo.example</td></tr>
<tr><th scope="row">HR</th><td>hr@demo.example</td></tr>
</table>
<p>The clients <code>hospital-system</code>, <code>lab-system</code> and <code>research-system</code> get tokens by
SMART Backend Services; their private keys are in <code>${escape(dataDir)}/clients/</code>.</p>
<p>A doctor reads nothing until a patient grants it. As the patient, post this to
<code>${escape(fhirBase)}/Consent</code>:</p>
<pre>{ "resourceType": "Consent", "status": "active",
  "scope": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy" }] },
  "category": [{ "coding": [{ "system": "http://loinc.org", "code": "59284-0" }] }],
  "patient": { "reference": "Patient/&lt;the patient's id&gt;" },
  "policyRule": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "OPTIN" }] },
  "provision": { "type": "permit", "actor": [{
    "role": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "IRCP" }] },
    "reference": { "reference": "Practitioner/&lt;the doctor's id&gt;" } }] } }</pre>
<p>Who read what is at <code>${escape(fhirBase)}/AuditEvent</code>, to the patient.</p>`;
}
