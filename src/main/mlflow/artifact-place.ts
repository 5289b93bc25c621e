import { type ArtifactOwner, requireArtifactPath } from '../../core/tracking/index.ts';
import { FalajError } from '../../shared/errors.ts';
import type { MlflowRooms } from './call.ts';

/** A path behind the artifact proxy: among the files of a run or logged model, or of a registered version. */
export type Place =
  | { readonly kind: 'artifacts'; readonly owner: ArtifactOwner; readonly path: string }
  | { readonly kind: 'version'; readonly name: string; readonly version: number; readonly path: string };

/**
 * `EXPERIMENT/RUN/artifacts/PATH`, `EXPERIMENT/models/MODEL/artifacts/PATH` or `registry/NAME/VERSION/PATH`; the path within is
 * empty for the top. Parts that climb, and escapes that a second decoding would turn into such, are refused; so is an owner
 * that belongs to another experiment.
 */
export function placeOf(tracking: MlflowRooms['tracking'], given: string): Place {
  requireArtifactPath(given);
  if (/%(?:2e|2f|5c|00|25)/i.test(given))
    throw new FalajError('BAD_NAME', 'A path must not hold escapes of dots, slashes or percent signs.');
  const ofVersion = /^registry\/([^/]+)\/(\d{1,9})(?:\/(.+))?$/s.exec(given);
  if (ofVersion !== null) {
    const [, name, version, path = ''] = ofVersion;
    return { kind: 'version', name: name!, version: Number(version), path };
  }
  const ofModel = /^([^/]+)\/models\/(m-[^/]+)\/artifacts(?:\/(.+))?$/s.exec(given);
  const match = ofModel ?? /^([^/]+)\/([^/]+)\/artifacts(?:\/(.+))?$/s.exec(given);
  if (match === null)
    throw new FalajError(
      'BAD_INPUT',
      'A path here is EXPERIMENT/RUN/artifacts/…, EXPERIMENT/models/MODEL/artifacts/… or registry/NAME/VERSION/….',
    );
  const [, experiment, id, path = ''] = match;
  const { experimentId } = ofModel ? tracking.models.get(id!) : tracking.clients.get(id!);
  if (experimentId !== experiment)
    throw new FalajError(
      'NOT_FOUND',
      `The experiment ${experiment} has no ${ofModel ? 'model' : 'run'} ${id}.`,
    );
  return { kind: 'artifacts', owner: { kind: ofModel ? 'model' : 'run', id: id! }, path };
}

/** Where a client fetches the files of a registered version. */
export const versionUri = (name: string, version: number): string =>
  `mlflow-artifacts:/registry/${name}/${version}`;

/** Throws CONFLICT for a registered version. */
export function requireWritable(place: Place): Extract<Place, { kind: 'artifacts' }> {
  if (place.kind === 'artifacts') return place;
  throw new FalajError('CONFLICT', `${place.name}:${place.version} is signed: its files stay as they are.`, {
    hint: 'Register another version.',
  });
}

/**
 * A place for a file on its way in. Clients strip tabs and line ends from addresses, so that a file whose name has one could be
 * listed and never fetched, nor the folder that it lies in.
 */
export function requireUploadable(place: Place): Extract<Place, { kind: 'artifacts' }> {
  if (!/\p{Cc}/u.test(place.path)) return requireWritable(place);
  throw new FalajError('BAD_NAME', `${JSON.stringify(place.path)} has a control character.`, {
    hint: 'Rename the file: tabs, line ends and other control characters cannot be in names of artifacts.',
  });
}
