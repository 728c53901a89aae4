import type { XmlTag } from './xml-tags.ts';

/** Name of the Choices that says of each point whether something hides it: Label Studio's keypoints have no visibility of their own. */
export const VISIBILITY = 'visibility';

/** The choice of a point that is there, but hidden. */
export const OCCLUDED = 'occluded';

/** Whether this is that Choices. */
export const isVisibility = ({ name, attributes }: XmlTag): boolean =>
  name === 'choices' && attributes.name === VISIBILITY && attributes.perRegion === 'true';
