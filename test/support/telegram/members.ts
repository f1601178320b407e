// What administrators may do, spelled out as the Bot API does.
import type { ChatAdministratorRights } from 'grammy/types';
import type { AdminRights, ChatState } from './model.ts';

export function adminFields(type: ChatState['type'], rights: AdminRights): ChatAdministratorRights {
  const isSupergroup = type === 'supergroup';
  return {
    is_anonymous: false,
    can_manage_chat: true,
    can_delete_messages: rights.can_delete_messages ?? false,
    can_manage_video_chats: false,
    can_restrict_members: false,
    can_promote_members: false,
    can_change_info: false,
    can_invite_users: rights.can_invite_users ?? false,
    can_post_stories: false,
    can_edit_stories: false,
    can_delete_stories: false,
    can_pin_messages: rights.can_pin_messages ?? false,
    ...(isSupergroup ? { can_manage_topics: rights.can_manage_topics ?? false } : {}),
    can_send_welcome_messages: false,
  };
}
