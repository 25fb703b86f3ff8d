import { createHash } from 'node:crypto';
import { objects, text, type Json, type JsonObject } from '../resource.ts';
import { readable } from './exact-text.ts';

/** An X-ray image that is no DICOM file itself. https://dicom.nema.org/medical/dicom/current/output/chtml/part04/sect_B.5.html */
const SECONDARY_CAPTURE = { system: 'urn:ietf:rfc:3986', code: 'urn:oid:1.2.840.10008.5.1.4.1.1.7' };
/** https://dicom.nema.org/medical/dicom/current/output/chtml/part16/sect_CID_29.html: other than the modalities listed. */
const OTHER_MODALITY = { system: 'http://dicom.nema.org/resources/ontology/DCM', code: 'OT' };

/** A DICOM UID from a name-based UUID, so that the same image always has the same one. */
function uidOf(name: string): string {
  const bytes = createHash('sha256').update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return `2.25.${BigInt(`0x${bytes.toString('hex')}`)}`;
}

/** The images' URLs in a record's `radio`, when it is a list of URLs with a folder and a name; else undefined. */
export function imageUrls(radio: string): string[] | undefined {
  let list: unknown;
  try {
    list = JSON.parse(radio);
  } catch {
    return undefined;
  }
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const urls = list.filter(
    (url) => typeof url === 'string' && /^https?:\/\/\S+\/[^\s/]+$/.test(url) && readable(url) === url,
  );
  return urls.length === list.length ? (urls as string[]) : undefined;
}

/**
 * Images as series of an ImagingStudy: one series for images that follow each other in one folder. The folder is an
 * Endpoint contained in the study, the title of an instance its name in the folder.
 */
export function imagingSeries(urls: readonly string[]): { contained: JsonObject[]; series: JsonObject[] } {
  const contained: JsonObject[] = [];
  const series: { folder: string; instances: JsonObject[] }[] = [];
  for (const url of urls) {
    const folder = url.slice(0, url.lastIndexOf('/') + 1);
    let last = series.at(-1);
    if (last?.folder !== folder) series.push((last = { folder, instances: [] }));
    // An image that is named twice is one more instance all the same.
    const uid = uidOf(`${url} ${series.length} ${last.instances.length}`);
    last.instances.push({ uid, sopClass: SECONDARY_CAPTURE, title: url.slice(folder.length) });
  }
  for (const [index, { folder }] of series.entries()) {
    contained.push({
      resourceType: 'Endpoint',
      id: `folder-${index + 1}`,
      status: 'active',
      connectionType: {
        system: 'http://fhir-fabric-gateway.org/CodeSystem/connection-type',
        code: 'http-folder',
      },
      payloadType: [{ text: 'X-ray images' }],
      address: folder,
    });
  }
  return {
    contained,
    series: series.map(({ folder, instances }, index) => ({
      uid: uidOf(`${folder} ${index} ${urls.join(' ')}`),
      modality: OTHER_MODALITY,
      endpoint: [{ reference: `#folder-${index + 1}` }],
      instance: instances,
    })),
  };
}

/** The inverse of imagingSeries; undefined when a series has no folder or an instance no name. */
export function urlsOfStudy(study: JsonObject): string[] | undefined {
  const folders = new Map(
    objects(study['contained']).map((endpoint): [string, Json | undefined] => [
      `#${text(endpoint['id'])}`,
      endpoint['address'],
    ]),
  );
  const urls: string[] = [];
  for (const one of objects(study['series'])) {
    const folder = folders.get(text(objects(one['endpoint'])[0]?.['reference']) ?? '');
    for (const instance of objects(one['instance'])) {
      const { title } = instance;
      if (typeof folder !== 'string' || typeof title !== 'string') return undefined;
      urls.push(folder + title);
    }
  }
  return urls;
}
