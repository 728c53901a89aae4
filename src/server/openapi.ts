import { z } from 'zod';
import packageJson from '../../package.json' with { type: 'json' };
import { ANSWERS } from '../api/answers.ts';
import { BODIES } from '../api/requests.ts';
import { DatasetGanError, type ErrorCode } from '../errors.ts';
import type { ApiRoute } from './api-route.ts';
import { SESSION_COOKIE } from './session-cookie.ts';

type Json = Readonly<Record<string, unknown>>;

/** Errors that any route can answer. */
const COMMON: readonly ErrorCode[] = ['bad-request', 'unauthorized', 'forbidden-host', 'forbidden-origin', 'internal'];
/** Answers that are not JSON. */
const FILES = {
  png: { types: ['image/png'], description: 'The picture.' },
  html: { types: ['text/html'], description: 'The page.' },
  archive: { types: ['application/x-tar', 'application/zip'], description: 'The archive.' },
  events: { types: ['text/event-stream'], description: 'Server-sent events named `live`, each with a `Live` as its data.' },
} as const;
const BINARY: Json = { schema: { type: 'string', format: 'binary' } };
const BODY_ERRORS: readonly ErrorCode[] = ['unsupported-media-type', 'body-too-large'];

/** The OpenAPI 3.1 document, made from the schemas that check the requests. */
export function openApiDocument(routes: readonly ApiRoute[]): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: operation(route) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'DatasetGAN for Label Studio',
      version: packageJson.version,
      license: { name: packageJson.license, identifier: 'Apache-2.0' },
    },
    paths,
    components: {
      schemas: { ...named(BODIES, 'input'), ...named(ANSWERS, 'output') },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        header: { type: 'apiKey', in: 'header', name: 'X-Api-Token' },
        session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE, description: 'Of POST /api/session, for browsers.' },
        link: { type: 'apiKey', in: 'query', name: 'key', description: 'Key of a link to one dataset.' },
      },
    },
  };
}

function operation(route: ApiRoute): Json {
  const { params, query, body, answer, status, headers = {}, errors, summary, open } = route;
  const file = FILES[answer as keyof typeof FILES] as (typeof FILES)[keyof typeof FILES] | undefined;
  const content = file === undefined ? json(answer) : Object.fromEntries(file.types.map((type) => [type, BINARY]));
  const responses: Record<string, Json> = {
    [status]: { description: file?.description ?? answer, ...described(headers), content },
  };
  for (const code of [...COMMON, ...(body === null ? [] : BODY_ERRORS), ...errors]) {
    const error = String(new DatasetGanError(code, '').status);
    const before = responses[error];
    responses[error] = {
      description: before === undefined ? code : `${String(before.description)}, ${code}`,
      content: json('Error'),
    };
  }
  return {
    summary,
    parameters: [...parameters('path', params), ...parameters('query', query)],
    ...(body === null ? {} : { requestBody: { required: body !== 'Nothing', content: bodyContent(body) } }),
    responses,
    security:
      open === 'all' || open === 'door'
        ? []
        : [{ bearer: [] }, { header: [] }, { session: [] }, ...(open === 'key' ? [{ link: [] }] : [])],
  };
}

function bodyContent(body: NonNullable<ApiRoute['body']>): Json {
  return body === 'file' ? { 'application/octet-stream': BINARY } : json(body);
}

function described(headers: NonNullable<ApiRoute['headers']>): Json {
  const all = Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'integer' } }] as const);
  return all.length === 0 ? {} : { headers: Object.fromEntries(all) };
}

function json(name: string): Json {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } };
}

function parameters(place: 'path' | 'query', schema: z.ZodObject): Json[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = property as z.core.JSONSchema.BaseSchema;
    return { name, in: place, required: place === 'path' || required.includes(name), description, schema: rest };
  });
}

/** JSON schemas by name, referring to each other under `#/components/schemas`. */
function named(schemas: Readonly<Record<string, z.ZodType>>, io: 'input' | 'output'): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const made = z.toJSONSchema(registry, { io, uri: (id) => `#/components/schemas/${id}` }).schemas;
  return Object.fromEntries(
    Object.entries(made).map(([name, schema]) => {
      const { $id: _id, $schema: _dialect, ...rest } = schema as z.core.JSONSchema.BaseSchema;
      return [name, rest];
    }),
  );
}
