import type { Connection, EngineClient } from '../../../shared/contract/types.ts';
import { NAME_PATTERN } from '../../../shared/names.ts';
import { shellWord } from '../../components/shell-word.ts';

type NewConnection = Parameters<EngineClient['connections']['add']>[0];

/** A connection as typed, without anything secret: what opens it stays in its fields until it is sent. */
export interface ConnectionForm {
  readonly name: string;
  readonly kind: Connection['kind'];
  readonly host: string;
  readonly port: string;
  readonly database: string;
  readonly user: string;
  readonly tls: boolean;
  readonly path: string;
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly certificates: string;
}

export const emptyConnectionForm: ConnectionForm = {
  name: '',
  kind: 'postgresql',
  host: '',
  port: '5432',
  database: '',
  user: '',
  tls: true,
  path: '',
  endpoint: '',
  bucket: '',
  region: 'us-east-1',
  certificates: '',
};

const NEEDED: Readonly<Record<ConnectionForm['kind'], readonly (keyof ConnectionForm)[]>> = {
  postgresql: ['host', 'port', 'database', 'user'],
  duckdb: ['path'],
  sqlite: ['path'],
  s3: ['endpoint', 'bucket'],
};

export const canAdd = (form: ConnectionForm): boolean =>
  NAME_PATTERN.test(form.name) && NEEDED[form.kind].every((field) => String(form[field]).trim() !== '');

export function targetOf(form: ConnectionForm): NewConnection['target'] {
  const certificates = form.certificates.trim() === '' ? {} : { certificates: form.certificates };
  switch (form.kind) {
    case 'postgresql':
      return {
        kind: 'postgresql',
        host: form.host.trim(),
        port: Number(form.port),
        database: form.database.trim(),
        user: form.user.trim(),
        tls: form.tls ? 'verify' : 'off',
        ...certificates,
      };
    case 's3':
      return {
        kind: 's3',
        endpoint: form.endpoint.trim(),
        bucket: form.bucket.trim(),
        region: form.region.trim() === '' ? 'us-east-1' : form.region.trim(),
        ...certificates,
      };
    default:
      return { kind: form.kind, path: form.path.trim() };
  }
}

/** What opens it, out of the fields of the form that is being sent; undefined where none was typed. */
export function secretOf(kind: ConnectionForm['kind'], fields: FormData): NewConnection['secret'] {
  const text = (name: string): string => {
    const value = fields.get(name);
    return typeof value === 'string' ? value : '';
  };
  if (kind === 'postgresql') return text('password') === '' ? undefined : { password: text('password') };
  if (kind !== 's3') return undefined;
  return { accessKey: text('accessKey'), secretKey: text('secretKey') };
}

/** The same for a terminal, where secrets come from variables and never from the line. */
export function connectionCommand(form: ConnectionForm): string {
  const option = (name: string, value: string, otherwise: string): string[] => [
    `--${name}`,
    value.trim() === '' ? otherwise : shellWord(value.trim()),
  ];
  const certificates = form.certificates.trim() === '' ? [] : ['--ca', 'FILE'];
  const target = (): string[] => {
    switch (form.kind) {
      case 'postgresql':
        return [
          ...option('host', form.host, 'HOST'),
          ...(form.port === '5432' ? [] : option('port', form.port, 'PORT')),
          ...option('database', form.database, 'DATABASE'),
          ...option('user', form.user, 'USER'),
          ...(form.tls ? [] : ['--tls', 'off']),
          '--password-env',
          'PASSWORD',
          ...certificates,
        ];
      case 's3':
        return [
          ...option('endpoint', form.endpoint, 'URL'),
          ...option('bucket', form.bucket, 'BUCKET'),
          ...(form.region === 'us-east-1' ? [] : option('region', form.region, 'us-east-1')),
          '--access-key-env',
          'ACCESS_KEY',
          '--secret-key-env',
          'SECRET_KEY',
          ...certificates,
        ];
      default:
        return option('path', form.path, 'FILE');
    }
  };
  const name = form.name === '' ? 'NAME' : shellWord(form.name);
  return ['falaj connections add', name, '--kind', form.kind, ...target()].join(' ');
}
