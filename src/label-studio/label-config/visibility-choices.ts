import type { XmlTag } from './xml-tags.ts';

/** Whether this is the Choices that says of each point whether something hides it: Label Studio's keypoints have no visibility of their own. */
export const isVisibility = ({ name, attributes }: XmlTag): boolean =>
  name === 'choices' && attributes.name === 'visibility' && attributes.perRegion === 'true';
