import type { Message } from '../ports/messages.ts';

/** A panel is one place on a person's private side: showing it again edits what stands there. A notice is always a new message. */
export function panelKey(message: Message): string {
  switch (message.name) {
    case 'order':
    case 'timeline':
    case 'sale':
      return `${message.name}:${message.orderId}`;
    case 'notice':
      return `notice:${message.kind}:${message.objectId ?? ''}:${message.params?.['n'] ?? ''}`;
    case 'digest':
      // Each evening's is a message of its own, as news are.
      return `notice:digest:${message.shopId}`;
    case 'answer':
      return `answer:${message.questionId}`;
    case 'choose':
    case 'card':
      return `${message.name}:${message.listingId}`;
    default:
      return message.name;
  }
}
