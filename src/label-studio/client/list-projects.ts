import { z } from 'zod';
import type { Connection } from './connection.ts';
import { PROJECT, PROJECT_FIELDS, type Project } from './project.ts';

const PAGE = z.looseObject({ next: z.string().nullable(), results: z.array(PROJECT) });

/** All projects that the key's user sees, newest first. */
export async function* listProjects(connection: Connection, signal?: AbortSignal): AsyncGenerator<Project> {
  for (let page = 1; ; page++) {
    const query = { page, page_size: 100, include: PROJECT_FIELDS };
    const { next, results } = await connection.json(PAGE, { method: 'GET', path: '/api/projects/', query, signal });
    yield* results;
    if (next === null) return;
  }
}
