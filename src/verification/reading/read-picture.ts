import type { ImageKind } from '../case.ts';
import type { Day } from '../documents/calendar.ts';
import type { DocumentType } from '../documents/document-types.ts';
import type { DocumentSeen } from '../recogniser.ts';
import type { ReadFields } from './fields.ts';
import { findIdentityNumber } from './identity-number.ts';
import { readLicence } from './licence.ts';
import { readPassport, zoneFields, zoneOf } from './passport.ts';
import {
  permitFields,
  readHongKongMacaoFront,
  readPermanentResidentFront,
  readTaiwanFront,
} from './permits.ts';
import type { PictureReading, Shown } from './picture-reading.ts';
import { readResidentBack, readResidentFront } from './resident-card.ts';
import { levelPieces, rowsOf, type Row } from './rows.ts';
import { whatIsShown } from './shown.ts';
import type { SettledZone } from './zone-voting.ts';

type Reader = (
  rows: readonly Row[],
  today: Day,
  zone: SettledZone | undefined,
  seen: DocumentSeen,
) => ReadFields;

const nothing: Reader = () => ({});
const permitBack: Reader = (rows, _, zone) => ({
  ...(zone ? zoneFields(zone, []) : {}),
  ...permitFields(rows),
});

const readers: { readonly [shown in Exclude<Shown, 'passport_page'>]: Reader } = {
  resident_id_front: readResidentFront,
  resident_id_back: readResidentBack,
  residence_permit_front: readResidentFront,
  residence_permit_back: readResidentBack,
  permanent_resident_front: readPermanentResidentFront,
  permanent_resident_back: permitBack,
  hk_macao_permit_front: readHongKongMacaoFront,
  hk_macao_permit_back: permitBack,
  taiwan_permit_front: readTaiwanFront,
  taiwan_permit_back: permitBack,
  licence: (rows, _, __, { codes }) => readLicence(rows, codes),
  supporting: nothing,
  unknown: nothing,
  nothing,
};

const typeOf: { readonly [shown in Shown]?: DocumentType } = {
  resident_id_front: 'resident_id',
  resident_id_back: 'resident_id',
  residence_permit_front: 'residence_permit',
  residence_permit_back: 'residence_permit',
  permanent_resident_front: 'permanent_resident',
  permanent_resident_back: 'permanent_resident',
  hk_macao_permit_front: 'hk_macao_permit',
  hk_macao_permit_back: 'hk_macao_permit',
  taiwan_permit_front: 'taiwan_permit',
  taiwan_permit_back: 'taiwan_permit',
};

/**
 * What a picture shows and the fields of it, from the text that a recogniser saw. What is shown is decided by the
 * picture alone; `kind` (what it was handed in as) only settles that a portrait is no document. `today` bounds dates.
 */
export function readPicture(kind: ImageKind, seen: DocumentSeen, today: Day): PictureReading {
  if (kind === 'selfie') return { shows: 'nothing', fields: {} };
  const rows = rowsOf(levelPieces(seen));
  const zone = zoneOf(seen.zones, rows, today);
  const shows = recognise(rows, zone, seen, today);
  if (shows === 'passport_page') return { shows, ...readPassport(zone, rows) };
  const fields = readers[shows](rows, today, zone, seen);
  const documentType = typeOf[shows];
  return { shows, fields, ...(documentType ? { documentType } : {}) };
}

function recognise(
  rows: readonly Row[],
  zone: SettledZone | undefined,
  seen: DocumentSeen,
  today: Day,
): Shown {
  const number = findIdentityNumber(rows, today);
  // A card that repeats its number beside a zone shows its back.
  const isSound = number !== undefined && number.doubt !== 'check_digit' && zone === undefined;
  const shown = whatIsShown(rows, {
    ...(isSound && number.number.startsWith('9') ? { permanent_resident_front: 2 } : {}),
    ...(isSound && !number.number.startsWith('9') ? { resident_id_front: 2 } : {}),
    ...(zone?.reading.format === 'TD3' ? { passport_page: 2.5 } : {}),
    ...(zone?.reading.format === 'TD1' ? zoneBack(zone) : {}),
    ...(seen.codes.length > 0 ? { licence: 0.5 } : {}),
  });
  const isPermit = /^8[123]0000/.test(number?.number ?? '');
  return shown === 'resident_id_front' && isPermit ? 'residence_permit_front' : shown;
}

/** Cards that carry a zone carry it on the back; the document code and number tell them apart. */
function zoneBack({ reading }: SettledZone): { readonly [shown in Shown]?: number } {
  if (/^[HM]\d{8}/.test(reading.number)) return { hk_macao_permit_back: 4 };
  if (/^\d{8}$/.test(reading.number)) return { taiwan_permit_back: 4 };
  return reading.issuer === 'CHN' ? { permanent_resident_back: 4 } : {};
}
