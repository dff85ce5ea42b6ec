/* SPDX-FileCopyrightText: The Postbag contributors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* Three pages: who, search, policy. Going on and back, closing included, stops what is under way;
 * an answer that comes after that is for nobody. */

#include "config.h"

#include "pb-account-assistant.h"

#include <glib/gi18n.h>

#include "pb-account-words.h"
#include "pb-discovery-list.h"
#include "pb-error.h"
#include "pb-format.h"
#include "pb-move-over-group.h"
#include "pb-password-row.h"
#include "pb-policy-group.h"
#include "pb-provider-hint.h"
#include "pb-provider-table.h"
#include "pb-provider-words.h"
#include "pb-trial-box.h"
#include "pb-typed-address.h"

struct _PbAccountAssistant {
  AdwWindow parent;

  GtkButton *back;
  GtkButton *forward;
  GtkRevealer *banner;
  GtkStack *stack;
  GtkEditable *name;
  GtkEditable *address;
  GtkEditable *user;
  GtkEditable *password;
  PbProviderHint *hint;
  PbMoveOverGroup *others;
  GtkWidget *looking;
  GtkSpinner *spinner;
  GtkLabel *looking_text;
  GtkWidget *question;
  GtkLabel *question_text;
  GtkButton *answer;
  PbTrialBox *trial;
  GtkWidget *hint_again_group;
  PbProviderHint *hint_again;
  PbDiscoveryList *steps;
  GtkLabel *works;
  GtkLabel *outcome;
  GtkLabel *connection;
  PbPolicyGroup *policy;

  PbProfile *profile;
  const PbProvider *provider;  /* of the typed address, NULL where nobody knows it */
  const PbOtherAccount *other; /* that is moved over; owned by the group, NULL for none */
  PbTypedAddress *typed;       /* NULL while it is no address */
  PbSecret *secret;
  PbAccount *account; /* that is tried and then saved */
  GPtrArray *offers;  /* of PbDiscoveryOffer; NULL where there is only one server to try */
  guint offer;        /* which one is tried */
  PbTrialFacts *facts;
  GCancellable *working; /* NULL while nothing is under way */
};

G_DEFINE_FINAL_TYPE (PbAccountAssistant, pb_account_assistant, ADW_TYPE_WINDOW)

enum { SAVED, BY_HAND, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
stop (PbAccountAssistant *self) {
  g_cancellable_cancel (self->working);
  g_clear_object (&self->working);
  gtk_spinner_set_spinning (self->spinner, FALSE);
}

static void
start (PbAccountAssistant *self) {
  stop (self);
  self->working = g_cancellable_new ();
}

/* What is under way, with the window that waits for it. */
typedef struct {
  PbAccountAssistant *assistant;
  GCancellable *cancellable;
} Work;

static Work *
work_new (PbAccountAssistant *self) {
  Work *work = g_new0 (Work, 1);

  work->assistant = g_object_ref (self);
  work->cancellable = g_object_ref (self->working);
  return work;
}

static void
work_free (Work *work) {
  g_object_unref (work->assistant);
  g_object_unref (work->cancellable);
  g_free (work);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Work, work_free)

static gboolean
is_stale (const Work *work) {
  return work->assistant->working != work->cancellable;
}

/* ---- Pages ---- */

static gboolean
is_on (PbAccountAssistant *self, const char *page) {
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), page) == 0;
}

static gboolean
can_go_on (PbAccountAssistant *self) {
  if (is_on (self, "policy"))
    return self->working == NULL;
  return is_on (self, "who") && self->typed &&
         (pb_provider_needs_browser (self->provider) || *gtk_editable_get_text (self->password)) &&
         (!self->provider || pb_provider_has_pop (self->provider) || self->other) &&
         (!gtk_widget_get_visible (GTK_WIDGET (self->user)) || *gtk_editable_get_text (self->user));
}

static void
update_forward_cb (PbAccountAssistant *self) {
  gtk_widget_set_sensitive (GTK_WIDGET (self->forward), can_go_on (self));
}

static void
show_page (PbAccountAssistant *self, const char *name) {
  gtk_stack_set_visible_child_name (self->stack, name);
  gtk_button_set_label (self->back, is_on (self, "who") ? _ ("_Cancel") : _ ("_Back"));
  gtk_button_set_label (self->forward, is_on (self, "policy") ? _ ("_Add") : _ ("_Continue"));
  gtk_widget_set_visible (GTK_WIDGET (self->forward), !is_on (self, "search"));
  update_forward_cb (self);
}

static void
back_cb (PbAccountAssistant *self) {
  stop (self);
  if (is_on (self, "who"))
    gtk_window_close (GTK_WINDOW (self));
  else
    show_page (self, "who");
}

/* ---- Who ---- */

static void
set_typed (PbAccountAssistant *self, const char *text) {
  g_clear_pointer (&self->typed, pb_typed_address_free);
  self->typed = pb_typed_address_new (text, NULL);
  self->provider = self->typed ? pb_provider_table_find_domain (pb_provider_table_get_default (),
                                                                self->typed->domain)
                               : NULL;
}

static void
address_changed_cb (PbAccountAssistant *self) {
  set_typed (self, gtk_editable_get_text (self->address));
  if (self->other && (!self->typed || g_strcmp0 (self->typed->address, self->other->address) != 0))
    self->other = NULL;
  g_autofree char *secret = pb_provider_words_secret (self->provider);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->password), secret);
  gtk_widget_set_visible (GTK_WIDGET (self->password), !pb_provider_needs_browser (self->provider));
  pb_provider_hint_set_provider (self->hint, self->provider);
  gtk_widget_set_visible (GTK_WIDGET (self->user),
                          self->provider && self->provider->user == PB_USER_OTHER);
  update_forward_cb (self);
}

static void
entry_activated_cb (PbAccountAssistant *self) {
  if (can_go_on (self))
    gtk_widget_activate (GTK_WIDGET (self->forward));
  else
    gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

static void
other_chosen_cb (PbAccountAssistant *self, const PbOtherAccount *other) {
  if (*other->name)
    gtk_editable_set_text (self->name, other->name);
  gtk_editable_set_text (self->address, *other->address ? other->address : other->user);
  self->other = other;
  update_forward_cb (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->password));
}

static void
by_hand_cb (PbAccountAssistant *self) {
  stop (self);
  g_signal_emit (self, signals[BY_HAND], 0, gtk_editable_get_text (self->name),
                 gtk_editable_get_text (self->address));
  gtk_window_close (GTK_WINDOW (self));
}

/* ---- Search ---- */

static void
show_busy (PbAccountAssistant *self, const char *text) {
  gtk_label_set_label (self->looking_text, text);
  gtk_spinner_set_spinning (self->spinner, TRUE);
  gtk_widget_set_visible (self->looking, TRUE);
  gtk_widget_set_visible (self->question, FALSE);
  gtk_widget_set_visible (self->hint_again_group, FALSE);
  pb_trial_box_clear (self->trial);
}

static void
show_idle (PbAccountAssistant *self) {
  stop (self);
  gtk_widget_set_visible (self->looking, FALSE);
}

/* Something for a person to decide, with one way on. */
static void
ask (PbAccountAssistant *self, const char *text, const char *answer) {
  show_idle (self);
  gtk_label_set_label (self->question_text, text);
  gtk_button_set_label (self->answer, answer);
  gtk_widget_set_visible (self->question, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->answer));
}

static void
show_works (PbAccountAssistant *self) {
  const PbEndpoint *endpoint = pb_account_get_endpoint (self->account);
  g_autofree char *works = g_strdup_printf (_ ("Signed in at %s"), endpoint->host);
  const char *auth = pb_auth_to_string (self->facts->mechanism);
  g_autofree char *connection =
    self->facts->tls ? g_strdup_printf ("%s · %s", self->facts->tls, auth) : g_strdup (auth);

  gtk_label_set_label (self->works, works);
  gtk_label_set_label (self->connection, connection);
  pb_policy_group_load (self->policy, self->account);
  show_page (self, "policy");
}

static void
policy_changed_cb (PbAccountAssistant *self) {
  if (!self->account || !self->facts)
    return;
  pb_policy_group_store (self->policy, self->account);
  g_autofree char *sentence =
    pb_account_words_trial (self->account, self->facts->messages, self->facts->octets);
  gtk_label_set_label (self->outcome, sentence);
}

static void try_offer (PbAccountAssistant *self);

/* The next server may be one that answers; a refusal is an answer. */
static gboolean
is_worth_another (PbAccountAssistant *self, const GError *error) {
  return self->offers && self->offer + 1 < self->offers->len &&
         (g_error_matches (error, PB_ERROR, PB_ERROR_CONNECT) ||
          g_error_matches (error, PB_ERROR, PB_ERROR_TIMEOUT) ||
          g_error_matches (error, PB_ERROR, PB_ERROR_PROTOCOL));
}

static void
fail (PbAccountAssistant *self, const GError *error) {
  gboolean refused = g_error_matches (error, PB_ERROR, PB_ERROR_SIGN_IN);

  show_idle (self);
  pb_trial_box_show_error (self->trial, error, pb_account_get_endpoint (self->account)->host,
                           self->account);
  pb_provider_hint_set_provider (self->hint_again, refused ? self->provider : NULL);
  gtk_widget_set_visible (self->hint_again_group, refused && self->provider != NULL);
}

static void
tried (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (Work) work = data;
  g_autoptr (GError) error = NULL;
  PbAccountAssistant *self = work->assistant;
  gboolean good = pb_sync_service_try_finish (PB_SYNC_SERVICE (source), result, NULL, NULL, &error);

  if (is_stale (work))
    return;
  if (good) {
    const PbTrialFacts *facts = pb_sync_service_try_get_facts (PB_SYNC_SERVICE (source), result);
    g_clear_pointer (&self->facts, pb_trial_facts_free);
    self->facts = pb_trial_facts_copy (facts);
    show_idle (self);
    show_works (self);
    policy_changed_cb (self);
  } else if (is_worth_another (self, error)) {
    self->offer++;
    try_offer (self);
  } else {
    fail (self, error);
  }
}

static void
try_account (PbAccountAssistant *self) {
  const PbEndpoint *endpoint = pb_account_get_endpoint (self->account);
  PbAccount *same =
    pb_account_list_find_same_mailbox (pb_profile_get_accounts (self->profile), self->account);

  if (same) {
    g_autofree char *text = pb_account_words_same_mailbox (same);
    ask (self, text, _ ("_Close"));
    return;
  }
  g_autofree char *text = g_strdup_printf (_ ("Signing in at %s…"), endpoint->host);
  start (self);
  show_busy (self, text);
  pb_sync_service_try_async (pb_profile_get_sync (self->profile), self->account, self->secret,
                             self->working, tried, work_new (self));
}

static void
set_user (PbAccountAssistant *self, const char *user) {
  const char *typed =
    gtk_widget_get_visible (GTK_WIDGET (self->user)) ? gtk_editable_get_text (self->user) : NULL;

  g_object_set (self->account, "user", typed && *typed ? typed : user, NULL);
}

static void
try_offer (PbAccountAssistant *self) {
  const PbDiscoveryOffer *offer = self->offers->pdata[self->offer];

  if (!offer->user && !*gtk_editable_get_text (self->user)) {
    show_idle (self);
    gtk_widget_set_visible (GTK_WIDGET (self->user), TRUE);
    show_page (self, "who");
    gtk_widget_grab_focus (GTK_WIDGET (self->user));
    return;
  }
  g_object_set (self->account, "endpoint", offer->endpoint, NULL);
  set_user (self, offer->user);
  if (offer->untrusted_name) {
    g_autofree char *text =
      pb_discovery_words_untrusted (offer->endpoint->host, self->typed->domain);
    ask (self, text, _ ("_Sign In There"));
    return;
  }
  try_account (self);
}

static void
discovered (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (Work) work = data;
  PbAccountAssistant *self = work->assistant;
  PbDiscovery *discovery = PB_DISCOVERY (source);
  g_autoptr (GPtrArray) offers = pb_discovery_run_finish (discovery, result, NULL);

  if (is_stale (work) || !offers)
    return;
  g_clear_pointer (&self->offers, g_ptr_array_unref);
  self->offers = g_steal_pointer (&offers);
  self->offer = 0;
  self->provider = pb_discovery_get_provider (discovery);
  g_autofree char *refusal = self->provider ? pb_provider_words_refusal (self->provider) : NULL;
  if (self->offers->len > 0)
    try_offer (self);
  else
    ask (self,
         refusal ? refusal
                 : _ ("No server was found that hands out mail for this address over POP3. Your "
                      "provider's pages may tell its name."),
         _ ("_Set Up by Hand"));
}

static void
discover (PbAccountAssistant *self) {
  g_autoptr (PbDiscovery) discovery = pb_discovery_new (self->typed->address, self->typed->domain);
  g_autofree char *text =
    g_strdup_printf (_ ("Looking for the server of %s…"), self->typed->domain);

  start (self);
  show_busy (self, text);
  pb_discovery_list_follow (self->steps, discovery);
  pb_discovery_run_async (discovery, self->working, discovered, work_new (self));
}

/* What the button under a question does depends on what was asked. */
static void
answer_cb (PbAccountAssistant *self) {
  if (pb_account_list_find_same_mailbox (pb_profile_get_accounts (self->profile), self->account))
    gtk_window_close (GTK_WINDOW (self));
  else if (self->offers && self->offer < self->offers->len)
    try_account (self);
  else
    by_hand_cb (self);
}

static void
trust_cb (PbAccountAssistant *self, const char *fingerprint) {
  g_object_set (self->account, "trusted-certificate", fingerprint, NULL);
  try_account (self);
}

static PbAccount *
make_account (PbAccountAssistant *self) {
  g_autofree char *id =
    pb_account_list_make_id (pb_profile_get_accounts (self->profile), self->typed->address);
  PbAccount *account = self->other ? pb_other_account_make (self->other, id) : pb_account_new (id);
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->name)));
  g_object_set (account, "name", *name ? name : self->typed->name, "address", self->typed->address,
                NULL);
  return account;
}

static void
search (PbAccountAssistant *self) {
  g_clear_object (&self->account);
  g_clear_pointer (&self->offers, g_ptr_array_unref);
  g_clear_pointer (&self->facts, pb_trial_facts_free);
  g_clear_pointer (&self->secret, pb_secret_unref);
  self->account = make_account (self);
  self->secret = pb_secret_new (gtk_editable_get_text (self->password));
  pb_discovery_list_follow (self->steps, NULL);
  show_page (self, "search");
  if (self->other)
    try_account (self);
  else
    discover (self);
}

/* ---- Saving ---- */

static void
finish (PbAccountAssistant *self) {
  g_signal_emit (self, signals[SAVED], 0, self->account);
  gtk_window_destroy (GTK_WINDOW (self));
}

/* What could not be noted comes once more; no reason to stop. */
static void
noted (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (Work) work = data;

  pb_mail_store_note_seen_elsewhere_finish (PB_MAIL_STORE (source), result, NULL);
  if (!is_stale (work))
    finish (work->assistant);
}

static void
saved (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (Work) work = data;
  g_autoptr (GError) error = NULL;
  PbAccountAssistant *self = work->assistant;
  gboolean good = pb_profile_save_account_finish (PB_PROFILE (source), result, &error);

  if (is_stale (work))
    return;
  if (!good) {
    show_page (self, "search");
    fail (self, error);
  } else if (self->other) {
    pb_mail_store_note_seen_elsewhere_async (pb_profile_get_store (self->profile),
                                             pb_account_get_id (self->account), self->other->seen,
                                             NULL, noted, g_steal_pointer (&work));
  } else {
    finish (self);
  }
}

static void
save (PbAccountAssistant *self) {
  pb_policy_group_store (self->policy, self->account);
  start (self);
  update_forward_cb (self);
  pb_profile_save_account_async (self->profile, self->account, self->secret, NULL, saved,
                                 work_new (self));
}

static void
forward_cb (PbAccountAssistant *self) {
  if (is_on (self, "policy"))
    save (self);
  else if (pb_provider_needs_browser (self->provider))
    by_hand_cb (self);
  else
    search (self);
}

/* ---- Object ---- */

static void
update_banner_cb (PbAccountAssistant *self) {
  gtk_revealer_set_reveal_child (
    self->banner, pb_secrets_get_keyring_problem (pb_profile_get_secrets (self->profile)) != NULL);
}

static void
pb_account_assistant_dispose (GObject *object) {
  PbAccountAssistant *self = PB_ACCOUNT_ASSISTANT (object);

  g_cancellable_cancel (self->working);
  g_clear_object (&self->working);
  g_clear_object (&self->profile);
  g_clear_object (&self->account);
  g_clear_pointer (&self->typed, pb_typed_address_free);
  g_clear_pointer (&self->secret, pb_secret_unref);
  g_clear_pointer (&self->offers, g_ptr_array_unref);
  g_clear_pointer (&self->facts, pb_trial_facts_free);
  G_OBJECT_CLASS (pb_account_assistant_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class) {
#define CHILD(name) gtk_widget_class_bind_template_child (widget_class, PbAccountAssistant, name)
  CHILD (back);
  CHILD (forward);
  CHILD (banner);
  CHILD (stack);
  CHILD (name);
  CHILD (address);
  CHILD (user);
  CHILD (password);
  CHILD (hint);
  CHILD (others);
  CHILD (looking);
  CHILD (spinner);
  CHILD (looking_text);
  CHILD (question);
  CHILD (question_text);
  CHILD (answer);
  CHILD (trial);
  CHILD (hint_again_group);
  CHILD (hint_again);
  CHILD (steps);
  CHILD (works);
  CHILD (outcome);
  CHILD (connection);
  CHILD (policy);
#undef CHILD
}

static void
bind_callbacks (GtkWidgetClass *widget_class) {
  gtk_widget_class_bind_template_callback (widget_class, address_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, answer_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
  gtk_widget_class_bind_template_callback (widget_class, by_hand_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, forward_cb);
  gtk_widget_class_bind_template_callback (widget_class, other_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, policy_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, trust_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_forward_cb);
}

static void
pb_account_assistant_class_init (PbAccountAssistantClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pb_account_assistant_dispose;
  signals[SAVED] = g_signal_new ("saved", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, PB_TYPE_ACCOUNT);
  signals[BY_HAND] = g_signal_new ("by-hand", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  g_type_ensure (PB_TYPE_PROVIDER_HINT);
  g_type_ensure (PB_TYPE_MOVE_OVER_GROUP);
  g_type_ensure (PB_TYPE_DISCOVERY_LIST);
  g_type_ensure (PB_TYPE_TRIAL_BOX);
  g_type_ensure (PB_TYPE_POLICY_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/app/postbag/Postbag/pb-account-assistant.ui");
  bind_children (widget_class);
  bind_callbacks (widget_class);
}

static void
pb_account_assistant_init (PbAccountAssistant *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  pb_password_row_guard (GTK_WIDGET (self->password));
  show_page (self, "who");
}

PbAccountAssistant *
pb_account_assistant_new (GtkWindow *parent, PbProfile *profile) {
  g_return_val_if_fail (PB_IS_PROFILE (profile), NULL);

  PbAccountAssistant *self =
    g_object_new (PB_TYPE_ACCOUNT_ASSISTANT, "transient-for", parent, NULL);

  self->profile = g_object_ref (profile);
  if (strchr (g_get_real_name (), ' '))
    gtk_editable_set_text (self->name, g_get_real_name ());
  g_signal_connect_object (pb_profile_get_secrets (profile), "notify::keyring-problem",
                           G_CALLBACK (update_banner_cb), self, G_CONNECT_SWAPPED);
  update_banner_cb (self);
  pb_move_over_group_look (self->others, pb_profile_get_accounts (profile));
  gtk_widget_grab_focus (GTK_WIDGET (self->address));
  return self;
}
