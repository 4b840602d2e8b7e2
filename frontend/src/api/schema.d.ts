// Generated from the OpenAPI document of the service by `npm run api:generate`. Do not edit.
export interface paths {
    "/api/v1/admin/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Audit
         * @description Who did what to whom, newest first; kept for a year.
         */
        get: operations["list_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Dead Letters
         * @description Stages that were given up and that nobody has dealt with, newest first.
         */
        get: operations["list_dead_letters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/dead-letters/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Discard Dead Letters
         * @description Take all of them off the list, at most 1000.
         */
        post: operations["discard_dead_letters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/dead-letters/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replay Dead Letters
         * @description Try all of them again, oldest first, at most 1000; those that cannot be are told and stay.
         */
        post: operations["replay_dead_letters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/dead-letters/{letter_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Dead Letter
         * @description One of them, dealt with or not, and its run as it is now.
         */
        get: operations["get_dead_letter"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/dead-letters/{letter_id}/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Discard Dead Letter
         * @description Take it off the list; the run stays as it is.
         */
        post: operations["discard_dead_letter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/dead-letters/{letter_id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replay Dead Letter
         * @description Try the stage again with fresh attempts; the run goes on from there.
         */
        post: operations["replay_dead_letter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Overview
         * @description Queues, workers, leases, dead letters, disk, outbox, servers, janitor; also while Redis is away.
         */
        get: operations["get_overview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/payments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Payments
         * @description Everybody's, newest first.
         */
        get: operations["list_payments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/payments/refund": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Refund Payment
         * @description Give the Stars back, and take the hours back; once, however often it is asked for.
         */
        post: operations["refund_payment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Users
         * @description Everybody, or whom is looked for; newest first.
         */
        get: operations["list_users"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get User
         * @description One of them, with what they have sent and may still send.
         */
        get: operations["get_user"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change User
         * @description Block and unblock, appoint and dismiss, set the plan. Whoever is blocked has their runs cancelled.
         */
        patch: operations["change_user"];
        trace?: never;
    };
    "/api/v1/admin/users/{user_id}/grant": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Grant
         * @description Give hours that last until they are used, besides those of each day.
         */
        post: operations["grant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign In
         * @description Spend a one-time sign-in link; its secret is what follows ``/login#``.
         */
        post: operations["sign_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/telegram": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign In From Telegram
         * @description Sign in as the user of the Telegram account that has opened the page; who is let in is as in the bot.
         *
         *     The same data may be given again for 24 hours: Telegram hands them out anew when a page is reloaded.
         */
        post: operations["sign_in_from_telegram"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/telegram-widget": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign In With Widget
         * @description Sign in with the answer of the Telegram login widget, within 15 minutes; who is let in is as in the bot.
         */
        post: operations["sign_in_with_widget"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/ways": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sign In Ways
         * @description How one may sign in here besides a link.
         */
        get: operations["sign_in_ways"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/glossary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Glossary
         * @description In the order of the alphabet. Every new run is told of them.
         */
        get: operations["get_glossary"];
        put?: never;
        /**
         * Add Term
         * @description A term that is there already in other letters is written anew.
         */
        post: operations["add_term"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/glossary/{term_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove Term */
        delete: operations["remove_term"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/library": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Library
         * @description How much is kept, folders and tags, and what else there is to filter by.
         */
        get: operations["get_library"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/library/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete Recordings
         * @description Destroy recordings with everything of theirs, for good. What is gone already is no error.
         */
        post: operations["delete_recordings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/library/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Save Recordings
         * @description The same as a plain address, which a download ticket may be made for.
         */
        get: operations["save_recordings"];
        put?: never;
        /**
         * Export Recordings
         * @description Transcripts of many recordings as one zip; what has none yet is left out.
         */
        post: operations["export_recordings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/library/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move Recordings
         * @description Put recordings into a folder, or take them out of any. All of them or none.
         */
        post: operations["move_recordings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/library/tag": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tag Recordings
         * @description Give recordings tags, and take tags off. All of them or none.
         */
        post: operations["tag_recordings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/library/{shelf}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create Shelf
         * @description Make a folder or a tag; its name is one's only one, in whatever case.
         */
        post: operations["create_shelf"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/library/{shelf}/{shelf_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete Shelf
         * @description The recordings stay, in no folder or without the tag.
         */
        delete: operations["delete_shelf"];
        options?: never;
        head?: never;
        /**
         * Rename Shelf
         * @description Give it another name.
         */
        patch: operations["rename_shelf"];
        trace?: never;
    };
    "/api/v1/links/{link_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke Link
         * @description Nobody reads by it any more, nor hears.
         */
        delete: operations["revoke_link"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Me
         * @description Who is signed in.
         */
        get: operations["me"];
        put?: never;
        post?: never;
        /**
         * Delete Account
         * @description Destroy one's account with everything that is kept of one, at once and for good; nobody is signed in any more.
         *
         *     The last administrator is refused (``account.last_admin``).
         */
        delete: operations["delete_account"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/download-ticket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create Download Ticket
         * @description A link to one file for a program that sends no header, such as Telegram. Who may have it is seen there.
         */
        post: operations["create_download_ticket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * My Archive
         * @description Everything that is kept of one, as a zip: recordings, transcripts as DOCX and JSON, profile, ledger, payments.
         */
        get: operations["my_archive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/export-ticket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create Export Ticket
         * @description A link to one's own archive that a browser can save from: a file of gigabytes fits in no memory.
         */
        post: operations["create_export_ticket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Keys
         * @description Newest first; their secrets are told only when they are made.
         */
        get: operations["list_keys"];
        put?: never;
        /**
         * Make Key
         * @description For programs, which send it as ``Authorization: Bearer``. It may all that one may but look after access.
         */
        post: operations["make_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/keys/{key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke Key
         * @description It is refused from then on.
         */
        delete: operations["revoke_key"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Sessions
         * @description Where one is signed in, the last used first.
         */
        get: operations["list_sessions"];
        put?: never;
        post?: never;
        /**
         * End Other Sessions
         * @description Sign out everywhere else.
         */
        delete: operations["end_other_sessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/sessions/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Sign Out
         * @description End the session that asks: its token is refused from then on.
         */
        delete: operations["sign_out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End Session
         * @description Sign out there: its token is refused from then on.
         */
        delete: operations["end_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Settings
         * @description How one wants recordings worked on, and to be written to.
         */
        get: operations["get_settings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change Settings
         * @description Change some of them; the bot follows the same.
         */
        patch: operations["change_settings"];
        trace?: never;
    };
    "/api/v1/me/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * My Usage
         * @description How many seconds of recordings one may still send today, and what was sent on which day.
         */
        get: operations["my_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Models
         * @description Models by name, with the presets that use them.
         */
        get: operations["list_models"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recordings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Recordings
         * @description Those that all the filters let through, each with its latest run.
         */
        get: operations["list_recordings"];
        put?: never;
        /**
         * Create Recording
         * @description Send a recording in one request and start its first run. Nothing is kept when anything is wrong.
         *
         *     The file streams into the encrypted store; for slow lines there is the resumable upload.
         */
        post: operations["create_recording"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recordings/{recording_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Recording
         * @description The recording with its latest run.
         */
        get: operations["get_recording"];
        put?: never;
        post?: never;
        /**
         * Delete Recording
         * @description Destroy the recording, its runs, transcripts and files, for good. A run that is under way stops.
         */
        delete: operations["delete_recording"];
        options?: never;
        head?: never;
        /**
         * Rename Recording
         * @description Give it another title.
         */
        patch: operations["rename_recording"];
        trace?: never;
    };
    "/api/v1/recordings/{recording_id}/clip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Cut Clip
         * @description The sound from one second to another as a file, exact to 50 ms.
         */
        get: operations["cut_clip"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recordings/{recording_id}/links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Links
         * @description Newest first, those that have expired too.
         */
        get: operations["list_links"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recordings/{recording_id}/media": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Media
         * @description The recording as it was sent. Understands a single ``Range``, ``If-Range`` and ``If-None-Match``.
         */
        get: operations["get_media"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recordings/{recording_id}/media-ticket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create Media Ticket
         * @description A link that an ``<audio>`` element can use: it cannot send headers.
         */
        post: operations["create_media_ticket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recordings/{recording_id}/peaks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Peaks
         * @description The waveform, there as soon as the recording was prepared.
         */
        get: operations["get_peaks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recordings/{recording_id}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Runs
         * @description All runs of the recording, newest first.
         */
        get: operations["list_runs"];
        put?: never;
        /**
         * Start Run
         * @description Send the recording through the whole chain once more, perhaps with other options.
         */
        post: operations["start_run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recordings/{recording_id}/transcript": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Latest Transcript
         * @description Of the newest run that has one.
         */
        get: operations["get_latest_transcript"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Run
         * @description The run with its stages, as it is now.
         */
        get: operations["get_run"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel Run
         * @description Stop it: at once while it waits, else as soon as its stage next reports. What is finished stays.
         */
        post: operations["cancel_run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run_id}/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Changes
         * @description Every change after a version.
         */
        get: operations["get_changes"];
        put?: never;
        /**
         * Make Changes
         * @description Apply changes to the transcript as it is now, all or none. What others did since `base_version` stays: words are
         *     merged and never dropped. The answer holds every change since then, these included, as they were applied.
         */
        post: operations["make_changes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run_id}/changes/news": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow Changes
         * @description The version of the transcript now, and again whenever it is edited; ends when the service cannot tell.
         */
        get: operations["follow_changes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run_id}/cues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Cues
         * @description The subtitles as the exports have them, for a preview.
         */
        get: operations["list_cues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow Run
         * @description First the run as it is, then every change of it; ends when the run does. Send Last-Event-ID to go on.
         */
        get: operations["follow_run"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run_id}/exports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export Transcript
         * @description The transcript, or a part of it, as a file.
         */
        get: operations["export_transcript"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run_id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get History
         * @description Who changed what, the newest first; changes made in one sitting are one entry.
         */
        get: operations["get_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run_id}/links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create Link
         * @description Let others read a transcript or a part of it, and hear it where ``audio`` says so.
         */
        post: operations["create_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run_id}/rerun": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rerun
         * @description A new run that begins at a stage and takes what came before from this one.
         */
        post: operations["rerun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run_id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore Version
         * @description Make the transcript what it was, by a change like any other, which can be taken back too.
         */
        post: operations["restore_version"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run_id}/speakers/suggestions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Suggest Names
         * @description Names of those who may be speaking. None without the consent in `/me/settings` (`voices`).
         */
        get: operations["suggest_names"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run_id}/speakers/{label}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Name Speaker
         * @description Say what people call this voice, and in which colour it is shown.
         */
        patch: operations["name_speaker"];
        trace?: never;
    };
    "/api/v1/runs/{run_id}/transcript": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Transcript
         * @description Readable as soon as recognition ends; speakers and minutes follow.
         */
        get: operations["get_transcript"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{run_id}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Version
         * @description The transcript as it was.
         */
        get: operations["get_version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search Library
         * @description What is said in one's recordings, grouped by them, with the best moments of each.
         *
         *     With ``speaker``, only what this person says. All words have to be in one segment.
         */
        get: operations["search_library"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shared": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Shared
         * @description What the link shows, without an account.
         */
        get: operations["read_shared"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shared/exports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export Shared
         * @description What the link shows as a file.
         */
        get: operations["export_shared"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shared/media": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Shared Media
         * @description The sound that is shared, by ``Range``: of a part a file of its own.
         */
        get: operations["get_shared_media"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shared/peaks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Shared Peaks
         * @description The waveform of what may be heard.
         */
        get: operations["get_shared_peaks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shared/unlock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Unlock Shared
         * @description A pass for a right password. Few tries are allowed.
         */
        post: operations["unlock_shared"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create Upload
         * @description Announce a file; its address comes back in Location. The body may already hold its beginning.
         */
        post: operations["create_upload"];
        delete?: never;
        /**
         * Describe Uploads
         * @description What this server speaks.
         */
        options: operations["describe_uploads"];
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads/{upload_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Terminate Upload
         * @description Give it up: what came of it is destroyed.
         */
        delete: operations["terminate_upload"];
        options?: never;
        head?: never;
        /**
         * Append To Upload
         * @description Send the next bytes. The answer to the last of them names the recording in Stenogram-Recording-Id.
         */
        patch: operations["append_to_upload"];
        trace?: never;
    };
    "/api/v1/uploads/{upload_id}/recording": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Uploaded Recording
         * @description What the upload became; not found until it is complete.
         */
        get: operations["get_uploaded_recording"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Health
         * @description The process answers.
         */
        get: operations["get_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Readiness
         * @description Everything it stands on answers too; else a 503 problem whose ``params.failing`` names what does not.
         */
        get: operations["get_readiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** ActionItemOut */
        ActionItemOut: {
            /** At */
            at: number[];
            /** Due */
            due: string | null;
            /** Owner */
            owner: string | null;
            /** Text */
            text: string;
        };
        /**
         * AddSpeakerIn
         * @description One more voice, at `position` of the speakers.
         */
        AddSpeakerIn: {
            /** Label */
            label: string;
            /** Name */
            name: string | null;
            /** Position */
            position: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "add_speaker";
        };
        /**
         * AppliedOut
         * @description A change as it was applied: put on what was there before it.
         */
        AppliedOut: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** @description null: the service itself, or somebody who has left */
            author: components["schemas"]["AuthorOut"] | null;
            /**
             * Change Id
             * Format: uuid
             */
            change_id: string;
            /**
             * Mine
             * @description Made by the account that asks
             */
            mine: boolean;
            /** Operations */
            operations: (components["schemas"]["ReplaceIn"] | components["schemas"]["RetimeIn"] | components["schemas"]["SplitIn"] | components["schemas"]["MergeIn"] | components["schemas"]["ReassignIn"] | components["schemas"]["RenameIn"] | components["schemas"]["AddSpeakerIn"] | components["schemas"]["RemoveSpeakerIn"])[];
            /**
             * Restored
             * @description The version that this change brought back
             */
            restored: number | null;
            /** Version */
            version: number;
        };
        /** ArchiveIn */
        ArchiveIn: {
            /**
             * Formats
             * @example [
             *       "docx",
             *       "srt"
             *     ]
             */
            formats: string[];
            /**
             * Language
             * @description Of headings
             * @default ru
             */
            language?: string;
            /** Recordings */
            recordings: string[];
        };
        /**
         * AuditPage
         * @description Newest first. ``next_before`` is null on the last page.
         */
        AuditPage: {
            /** Items */
            items: components["schemas"]["EntryOut"][];
            /** Next Before */
            next_before: number | null;
        };
        /** AuthorOut */
        AuthorOut: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Name */
            name: string;
        };
        /**
         * ChangeIn
         * @description Applied whole or not at all, and once: a change with an `id` that came before is left out.
         */
        ChangeIn: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Operations */
            operations: (components["schemas"]["ReplaceIn"] | components["schemas"]["RetimeIn"] | components["schemas"]["SplitIn"] | components["schemas"]["MergeIn"] | components["schemas"]["ReassignIn"] | components["schemas"]["RenameIn"] | components["schemas"]["AddSpeakerIn"] | components["schemas"]["RemoveSpeakerIn"])[];
        };
        /**
         * ChangesIn
         * @description Changes made one after another on `base_version`.
         */
        ChangesIn: {
            /** Base Version */
            base_version: number;
            /** Changes */
            changes: components["schemas"]["ChangeIn"][];
        };
        /** ChangesOut */
        ChangesOut: {
            /**
             * Applied
             * @description Every change after the version asked from, in order
             */
            applied: components["schemas"]["AppliedOut"][];
            /**
             * Version
             * @description Of the transcript now
             */
            version: number;
        };
        /**
         * ChosenIn
         * @description Which open letters: of one stage, with one error code, or both; all where neither is given.
         */
        ChosenIn: {
            /**
             * Code
             * @example engine.unavailable
             */
            code?: string | null;
            stage?: components["schemas"]["Stage"] | null;
        };
        /**
         * CueOut
         * @description One subtitle, as exports have it.
         */
        CueOut: {
            /** End */
            end: number;
            /** Lines */
            lines: string[];
            /** Speaker */
            speaker: string | null;
            /** Start */
            start: number;
        };
        /** DayOut */
        DayOut: {
            /**
             * Day
             * Format: date
             * @description In one's own time zone
             */
            day: string;
            /** Recordings */
            recordings: number;
            /**
             * Seconds
             * @description Charged, and not given back
             */
            seconds: number;
        };
        /**
         * DealtWithOut
         * @description Ids of the letters that were dealt with, and those that could not be, which stay.
         */
        DealtWithOut: {
            /** Done */
            done: number[];
            /** Refused */
            refused: components["schemas"]["RefusedLetterOut"][];
        };
        /** DeletionIn */
        DeletionIn: {
            /** Recordings */
            recordings: string[];
        };
        /** DeletionOut */
        DeletionOut: {
            /** Deleted */
            deleted: number;
        };
        /** DiskOut */
        DiskOut: {
            /**
             * Files
             * @description In the vault, wherever that is
             */
            files: number;
            /**
             * Free Bytes
             * @description On the file system of DATA_DIR
             */
            free_bytes: number;
            /** Stored Bytes */
            stored_bytes: number;
            /** Total Bytes */
            total_bytes: number;
        };
        /**
         * DownloadIn
         * @description What is to be saved: an export, a clip, or transcripts as a zip.
         */
        DownloadIn: {
            /**
             * Address
             * @description The path with its query
             * @example /api/v1/runs/0190d3c4-0000-7000-8000-000000000000/exports?format=docx&language=en
             */
            address: string;
        };
        /**
         * EditedOut
         * @description The transcript has changed: `GET /runs/{run_id}/changes` has how.
         */
        EditedOut: {
            /** Version */
            version: number;
        };
        /** EndedOut */
        EndedOut: {
            /** Ended */
            ended: number;
        };
        /**
         * EntryOut
         * @description Who did what to whom; a name is null where there is nobody, or somebody who has left.
         */
        EntryOut: {
            /**
             * Action
             * @example user.blocked
             */
            action: string;
            /** Actor */
            actor: string | null;
            /** Actor Id */
            actor_id: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Details */
            details: {
                [key: string]: string | number | null;
            };
            /** Id */
            id: number;
            /** Subject */
            subject: string | null;
            /** Subject Id */
            subject_id: string | null;
            /**
             * Via
             * @enum {string}
             */
            via: "page" | "key" | "bot";
        };
        /**
         * EventOut
         * @description The data of one server-sent event (``run``, ``stage``, ``progress``, ``partial``, ``error``).
         *
         *     The first event, ``snapshot``, carries a RunOut instead.
         */
        EventOut: {
            /**
             * At
             * @description Unix seconds
             */
            at: number;
            /** Error Code */
            error_code: string | null;
            /**
             * Eta Seconds
             * @description Of the whole run; null while unknown
             */
            eta_seconds: number | null;
            /**
             * Fraction
             * @description Of the stage, 0 to 1
             */
            fraction: number | null;
            /** Run Id */
            run_id: string;
            /** Segments */
            segments: components["schemas"]["PartialOut"][];
            stage: components["schemas"]["Stage"] | null;
            /** State */
            state: ("queued" | "running" | "done" | "done_with_warnings" | "cancelled" | "dead") | ("waiting" | "queued" | "running" | "done" | "skipped" | "failed" | "cancelled" | "dead") | null;
            /**
             * Type
             * @enum {string}
             */
            type: "run" | "stage" | "progress" | "partial" | "error";
        };
        /** ExampleOut */
        ExampleOut: {
            /** After */
            after: string;
            /** Before */
            before: string;
        };
        /** FoundOut */
        FoundOut: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Duration */
            duration: number | null;
            /** Hits */
            hits: components["schemas"]["HitOut"][];
            /**
             * Recording Id
             * Format: uuid
             */
            recording_id: string;
            /**
             * Times
             * @description Moments that match, of which ``hits`` are the best
             */
            times: number;
            /** Title */
            title: components["schemas"]["PartOut"][];
        };
        /** GlossaryOut */
        GlossaryOut: {
            /** Items */
            items: components["schemas"]["TermOut"][];
        };
        /** GrantIn */
        GrantIn: {
            /** Hours */
            hours: number;
            /**
             * Key
             * Format: uuid
             * @description Of this grant: given once however often it is asked for
             */
            key: string;
        };
        /** GrantedOut */
        GrantedOut: {
            /**
             * Given
             * @description false: it was given under this key before
             */
            given: boolean;
        };
        /** HealthOut */
        HealthOut: {
            /**
             * Status
             * @constant
             */
            status: "ok";
        };
        /**
         * HistoryEntryOut
         * @description What one person changed in one sitting.
         */
        HistoryEntryOut: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            author: components["schemas"]["AuthorOut"] | null;
            /** Before Version */
            before_version: number;
            /**
             * Began At
             * Format: date-time
             */
            began_at: string;
            /** Changes */
            changes: number;
            /**
             * Examples
             * @description The first texts that became other ones
             */
            examples: components["schemas"]["ExampleOut"][];
            /**
             * Kinds
             * @description How many operations of which type
             * @example {
             *       "replace": 3
             *     }
             */
            kinds: {
                [key: string]: number;
            };
            /** Mine */
            mine: boolean;
            /** Restored */
            restored: number | null;
            /**
             * Summary
             * @description What changed, in a line
             * @example “Smit” → “Smith” · Segments split: 2
             */
            summary: string;
            /**
             * Version
             * @description Of the transcript after these changes
             */
            version: number;
        };
        /** HistoryOut */
        HistoryOut: {
            /**
             * Baseline
             * @description The version that the first change was made on
             */
            baseline: number;
            /**
             * Items
             * @description The newest first
             */
            items: components["schemas"]["HistoryEntryOut"][];
            /** More */
            more: boolean;
        };
        /** HitOut */
        HitOut: {
            /** Fragment */
            fragment: components["schemas"]["PartOut"][];
            /**
             * Speaker
             * @description By name
             */
            speaker: string | null;
            /**
             * Start
             * @description Seconds from the start of the recording
             */
            start: number;
        };
        /** InspectedLetterOut */
        InspectedLetterOut: {
            /** Attempts */
            attempts: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Error Code
             * @example engine.unavailable
             */
            error_code: string;
            /** Error Detail */
            error_detail: string;
            /** Id */
            id: number;
            /** Resolution */
            resolution: ("replayed" | "discarded") | null;
            /** Resolved At */
            resolved_at: string | null;
            run: components["schemas"]["LetterRunOut"];
            /**
             * Run Id
             * Format: uuid
             */
            run_id: string;
            stage: components["schemas"]["Stage"];
        };
        /** KeyIn */
        KeyIn: {
            /**
             * Days
             * @description null: until it is revoked
             */
            days?: number | null;
            /**
             * Name
             * @example Backup
             */
            name: string;
            /**
             * Scope
             * @default read
             * @enum {string}
             */
            scope?: "read" | "write";
        };
        /** KeyOut */
        KeyOut: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Ending
             * @description The last four characters of the secret
             */
            ending: string;
            /** Expires At */
            expires_at: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Name */
            name: string;
            /**
             * Scope
             * @enum {string}
             */
            scope: "read" | "write";
            /**
             * Used At
             * @description To five minutes; null: never
             */
            used_at: string | null;
        };
        /** KeyphraseOut */
        KeyphraseOut: {
            /** At */
            at: number[];
            /** Score */
            score: number;
            /** Text */
            text: string;
        };
        /**
         * LeaseOut
         * @description A stage that a worker holds. Without a further heartbeat it is taken from it at ``until``.
         */
        LeaseOut: {
            /** Attempt */
            attempt: number;
            /** Fraction */
            fraction: number;
            /**
             * Run Id
             * Format: uuid
             */
            run_id: string;
            /** Since */
            since: string | null;
            stage: components["schemas"]["Stage"];
            /** Until */
            until: string | null;
            /** Worker */
            worker: string | null;
        };
        /**
         * LetterOut
         * @description A stage that was given up. ``error_detail`` is for administrators: never words of a recording.
         */
        LetterOut: {
            /** Attempts */
            attempts: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Error Code
             * @example engine.unavailable
             */
            error_code: string;
            /** Error Detail */
            error_detail: string;
            /** Id */
            id: number;
            /** Resolution */
            resolution: ("replayed" | "discarded") | null;
            /** Resolved At */
            resolved_at: string | null;
            /**
             * Run Id
             * Format: uuid
             */
            run_id: string;
            stage: components["schemas"]["Stage"];
        };
        /**
         * LetterPage
         * @description Newest first. ``next_before`` is null on the last page.
         */
        LetterPage: {
            /** Items */
            items: components["schemas"]["LetterOut"][];
            /** Next Before */
            next_before: number | null;
        };
        /**
         * LetterRunOut
         * @description The run that a letter is about, as it is now.
         */
        LetterRunOut: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            error: components["schemas"]["Notice"] | null;
            /** Finished At */
            finished_at: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Recording Id
             * Format: uuid
             */
            recording_id: string;
            /** Stages */
            stages: components["schemas"]["StageOut"][];
            /**
             * State
             * @enum {string}
             */
            state: "queued" | "running" | "done" | "done_with_warnings" | "cancelled" | "dead";
            /** Warnings */
            warnings: components["schemas"]["Notice"][];
        };
        /**
         * LibraryOut
         * @description How much is kept, and what there is to filter by.
         */
        LibraryOut: {
            /** Folders */
            folders: components["schemas"]["ShelfOut"][];
            /**
             * Languages
             * @description Languages that were spoken
             * @example [
             *       "ru",
             *       "en"
             *     ]
             */
            languages: string[];
            /** Recordings */
            recordings: number;
            /** Seconds */
            seconds: number;
            /**
             * Size
             * @description Bytes of the recordings as they were sent
             */
            size: number;
            /**
             * Speakers
             * @description Names that were given to voices
             */
            speakers: string[];
            /** Tags */
            tags: components["schemas"]["ShelfOut"][];
        };
        /** LinkOut */
        LinkOut: {
            /** Audio */
            audio: boolean;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** End */
            end: number | null;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Opened
             * @description How often somebody opened it
             */
            opened: number;
            /**
             * Path
             * @description Of the page, below the address of the service
             * @example /s/Zk3…
             */
            path: string;
            /**
             * Protected
             * @description By a password
             */
            protected: boolean;
            /**
             * Run Id
             * Format: uuid
             */
            run_id: string;
            /**
             * Start
             * @description Seconds; null: everything is shared
             */
            start: number | null;
        };
        /**
         * MergeIn
         * @description `next`, the one right behind, goes into `segment`, which has `at` words.
         */
        MergeIn: {
            /** At */
            at: number;
            /** Ends */
            ends: [
                number,
                number
            ];
            /** Next */
            next: string;
            /** Next Speaker */
            next_speaker: string | null;
            /** Segment */
            segment: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "merge";
        };
        /** MinutesOut */
        MinutesOut: {
            /** Actions */
            actions: components["schemas"]["ActionItemOut"][];
            /** Decisions */
            decisions: components["schemas"]["StatementOut"][];
            /** Engine */
            engine: string;
            /** Keyphrases */
            keyphrases: components["schemas"]["KeyphraseOut"][];
            /** Language */
            language: string;
            /** Model */
            model: string;
            /** Notes */
            notes: string[];
            /** Sentiments */
            sentiments: components["schemas"]["SentimentOut"][];
            /** Summary */
            summary: components["schemas"]["StatementOut"][];
            /** Title */
            title: string;
        };
        /** ModelOut */
        ModelOut: {
            /**
             * Default For
             * @description Presets that use it
             * @example [
             *       "quality"
             *     ]
             */
            default_for: string[];
            /**
             * Engine
             * @example faster-whisper
             */
            engine: string;
            /**
             * Languages
             * @example multilingual
             */
            languages: string | string[];
            /**
             * Name
             * @example large-v3
             */
            name: string;
            /**
             * Present
             * @description Its weights are on this machine
             */
            present: boolean;
            /** Size Mb */
            size_mb: number;
        };
        /** MoveIn */
        MoveIn: {
            /**
             * Folder
             * @description null: out of any folder
             */
            folder: string | null;
            /** Recordings */
            recordings: string[];
        };
        /** NewKeyOut */
        NewKeyOut: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Ending
             * @description The last four characters of the secret
             */
            ending: string;
            /** Expires At */
            expires_at: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Name */
            name: string;
            /**
             * Scope
             * @enum {string}
             */
            scope: "read" | "write";
            /**
             * Secret
             * @description Told this once: only its hash is kept
             */
            secret: string;
            /**
             * Used At
             * @description To five minutes; null: never
             */
            used_at: string | null;
        };
        /**
         * Notice
         * @description A warning or an error of a run: a stable code and its words.
         */
        Notice: {
            /** Code */
            code: string;
            /** Message */
            message: string;
        };
        /** OutboxOut */
        OutboxOut: {
            /**
             * Oldest Seconds
             * @description How long the oldest message that is due has not been sent
             */
            oldest_seconds: number | null;
            /** Unsent */
            unsent: number;
        };
        /** OverviewOut */
        OverviewOut: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * Dead Letters
             * @description Open ones by stage
             * @example {
             *       "summarize": 2
             *     }
             */
            dead_letters: {
                [key: string]: number;
            };
            disk: components["schemas"]["DiskOut"];
            /** Janitor */
            janitor: components["schemas"]["SweepOut"][];
            /**
             * Leases
             * @description The longest held first, at most 200
             */
            leases: components["schemas"]["LeaseOut"][];
            outbox: components["schemas"]["OutboxOut"];
            /** Queues */
            queues: components["schemas"]["QueueOut"][];
            /** Servers */
            servers: {
                [key: string]: "embedded" | "external";
            };
            /**
             * Workers
             * @description null: Redis does not answer
             */
            workers: components["schemas"]["WorkerOut"][] | null;
        };
        /** PartOut */
        PartOut: {
            /**
             * Found
             * @description One of the words that were looked for
             */
            found: boolean;
            /** Text */
            text: string;
        };
        /**
         * PartialOut
         * @description A phrase just recognised, before speakers are known.
         */
        PartialOut: {
            /** End */
            end: number;
            /** Start */
            start: number;
            /** Text */
            text: string;
        };
        /** PassOut */
        PassOut: {
            /**
             * Passed
             * @description The `pass` of later requests, for twelve hours
             */
            passed: string;
        };
        /** PaymentOut */
        PaymentOut: {
            /**
             * Charge Id
             * @description Telegram's
             */
            charge_id: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Payer */
            payer: string;
            /**
             * Payer Id
             * Format: uuid
             */
            payer_id: string;
            /** Refunded At */
            refunded_at: string | null;
            /** Seconds */
            seconds: number;
            /** Stars */
            stars: number;
        };
        /**
         * PaymentsPage
         * @description Newest first.
         */
        PaymentsPage: {
            /** Items */
            items: components["schemas"]["PaymentOut"][];
            /**
             * Selling
             * @description There are packages for sale (TELEGRAM_STARS_PACKAGES)
             */
            selling: boolean;
            /** Total */
            total: number;
        };
        /**
         * PeaksOut
         * @description The waveform: the loudest sample of every interval, 0 to 1.
         */
        PeaksOut: {
            /** Interval Seconds */
            interval_seconds: number;
            /** Peaks */
            peaks: number[];
        };
        /**
         * PeoplePage
         * @description Newest first.
         */
        PeoplePage: {
            /** Items */
            items: components["schemas"]["PersonOut"][];
            /** Total */
            total: number;
        };
        /** PersonDetailOut */
        PersonDetailOut: {
            /** Blocked At */
            blocked_at: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Name */
            name: string;
            /** Oneself */
            oneself: boolean;
            /**
             * Plan
             * @description null: the service's
             */
            plan: string | null;
            /** Plans */
            plans: components["schemas"]["PlanOut"][];
            /**
             * Role
             * @enum {string}
             */
            role: "user" | "admin";
            /**
             * Role By Setting
             * @description An administrator as long as BOT_ADMIN_IDS says so
             */
            role_by_setting: boolean;
            /** Telegram Id */
            telegram_id: number | null;
            /** Telegram Name */
            telegram_name: string | null;
            /** Unlimited */
            unlimited: boolean;
            usage: components["schemas"]["UsageOut"];
        };
        /**
         * PersonIn
         * @description What is left out stays as it is; a plan of null is the service's.
         */
        PersonIn: {
            /** Blocked */
            blocked?: boolean | null;
            /** Plan */
            plan?: string | null;
            /** Role */
            role?: ("user" | "admin") | null;
            /** Unlimited */
            unlimited?: boolean | null;
        };
        /** PersonOut */
        PersonOut: {
            /** Blocked At */
            blocked_at: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Name */
            name: string;
            /**
             * Plan
             * @description null: the service's
             */
            plan: string | null;
            /**
             * Role
             * @enum {string}
             */
            role: "user" | "admin";
            /**
             * Role By Setting
             * @description An administrator as long as BOT_ADMIN_IDS says so
             */
            role_by_setting: boolean;
            /** Telegram Id */
            telegram_id: number | null;
            /** Telegram Name */
            telegram_name: string | null;
            /** Unlimited */
            unlimited: boolean;
        };
        /** PlanOut */
        PlanOut: {
            /** Daily Seconds */
            daily_seconds: number;
            /**
             * Default
             * @description Of those for whom none is set
             */
            default: boolean;
            /** Name */
            name: string;
        };
        /**
         * Problem
         * @description An error (RFC 9457). ``code`` is stable; ``title`` and ``detail`` are in the language of Accept-Language.
         * @example {
         *       "code": "media.empty",
         *       "detail": "The file is empty. Check the recording and send it again.",
         *       "instance": "/api/v1/recordings",
         *       "params": {},
         *       "request_id": "3f0c7f1d6f0b4a52",
         *       "status": 422,
         *       "title": "Unprocessable content",
         *       "type": "urn:stenogram:error:media.empty"
         *     }
         */
        Problem: {
            /** Code */
            code: string;
            /** Detail */
            detail: string;
            /** Instance */
            instance: string;
            /**
             * Params
             * @description What fills the slots of the text, for clients that word it themselves
             */
            params: {
                [key: string]: unknown;
            };
            /** Request Id */
            request_id: string;
            /** Status */
            status: number;
            /** Title */
            title: string;
            /** Type */
            type: string;
        };
        /**
         * ProvenanceOut
         * @description Which engine and model made a part of this.
         */
        ProvenanceOut: {
            /** Engine */
            engine: string;
            /** Model */
            model: string;
            /** Stage */
            stage: string;
        };
        /** QueueOut */
        QueueOut: {
            /**
             * Delayed
             * @description Stages that wait for their next attempt
             */
            delayed: number;
            /**
             * Due
             * @description Stages that could begin now
             */
            due: number;
            /**
             * Messages
             * @description In Redis; each wakes a worker. null: Redis does not answer
             */
            messages: number | null;
            /**
             * Name
             * @example gpu
             */
            name: string;
            /**
             * Oldest Seconds
             * @description How long the oldest due stage has been waiting
             */
            oldest_seconds: number | null;
            /** Running */
            running: number;
        };
        /**
         * ReadyOut
         * @description Every dependency answers. Where one does not, the answer is a problem that names it.
         */
        ReadyOut: {
            /**
             * Blobs
             * @constant
             */
            blobs: "ok";
            /**
             * Database
             * @constant
             */
            database: "ok";
            /**
             * Redis
             * @constant
             */
            redis: "ok";
            /**
             * Status
             * @constant
             */
            status: "ready";
        };
        /**
         * ReassignIn
         * @description `segments[i]` goes from speaker `before[i]` to `after[i]`.
         */
        ReassignIn: {
            /** After */
            after: (string | null)[];
            /** Before */
            before: (string | null)[];
            /** Segments */
            segments: string[];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "reassign";
        };
        /** RecordingOut */
        RecordingOut: {
            /**
             * Content Type
             * @example audio/ogg
             */
            content_type: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Duration
             * @description Seconds; null until the recording was examined
             * @example 181.4
             */
            duration: number | null;
            /**
             * File Name
             * @example weekly-meeting.ogg
             */
            file_name: string;
            /**
             * Folder Id
             * @description null: in no folder
             */
            folder_id: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            latest_run: components["schemas"]["RunOut"] | null;
            /**
             * Size
             * @description Bytes
             * @example 1482113
             */
            size: number;
            /**
             * Tag Ids
             * @description In the order of their names
             */
            tag_ids: string[];
            /**
             * Title
             * @example Weekly meeting
             */
            title: string;
        };
        /**
         * RecordingPage
         * @description In the order that was asked for. ``next_cursor`` is null on the last page.
         */
        RecordingPage: {
            /** Items */
            items: components["schemas"]["RecordingOut"][];
            /** Next Cursor */
            next_cursor: string | null;
            /**
             * Total
             * @description On all pages together
             */
            total: number;
        };
        /** RecordingPatch */
        RecordingPatch: {
            /** Title */
            title: string;
        };
        /** RefundIn */
        RefundIn: {
            /** Charge Id */
            charge_id: string;
        };
        /** RefusedLetterOut */
        RefusedLetterOut: {
            error: components["schemas"]["Notice"];
            /** Id */
            id: number;
        };
        /**
         * RemoveSpeakerIn
         * @description Forget a voice that no segment has.
         */
        RemoveSpeakerIn: {
            /** Label */
            label: string;
            /** Name */
            name: string | null;
            /** Position */
            position: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "remove_speaker";
        };
        /**
         * RenameIn
         * @description Say what people call a voice; null takes it back.
         */
        RenameIn: {
            /** After */
            after: string | null;
            /** Before */
            before: string | null;
            /** Label */
            label: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "rename";
        };
        /**
         * ReplaceIn
         * @description Words `at … at + before.length` become `after`.
         */
        ReplaceIn: {
            /** After */
            after: components["schemas"]["WordIn"][];
            /** At */
            at: number;
            /** Before */
            before: components["schemas"]["WordIn"][];
            /**
             * Ends
             * @description The segment's bounds before and after; null: they stay, and hold the words
             */
            ends?: [
                [
                    number,
                    number
                ],
                [
                    number,
                    number
                ]
            ] | null;
            /** Segment */
            segment: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "replace";
        };
        /** RerunIn */
        RerunIn: {
            /** @example diarize */
            from_stage: components["schemas"]["Stage"];
            /** @description null: those of the run that is repeated */
            options?: components["schemas"]["RunOptionsIn"] | null;
        };
        /** RestoreIn */
        RestoreIn: {
            /** Version */
            version: number;
        };
        /**
         * RetimeIn
         * @description Words `at … at + before.length` get other times.
         */
        RetimeIn: {
            /** After */
            after: [
                number,
                number
            ][];
            /** At */
            at: number;
            /** Before */
            before: [
                number,
                number
            ][];
            /**
             * Ends
             * @description The segment's bounds before and after; null: they stay, and hold the words
             */
            ends?: [
                [
                    number,
                    number
                ],
                [
                    number,
                    number
                ]
            ] | null;
            /** Segment */
            segment: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "retime";
        };
        /** RunIn */
        RunIn: {
            /**
             * @default {
             *       "denoise": false,
             *       "diarize": true,
             *       "formats": [
             *         "docx",
             *         "srt",
             *         "txt",
             *         "json"
             *       ],
             *       "glossary": [],
             *       "multilingual": false,
             *       "preset": "quality",
             *       "summarize": true
             *     }
             */
            options?: components["schemas"]["RunOptionsIn"];
        };
        /**
         * RunOptionsIn
         * @description What is left out is as in one's settings (``/me/settings``); null means that the service decides.
         * @example {
         *       "formats": [
         *         "docx"
         *       ],
         *       "language": "ru",
         *       "preset": "quality",
         *       "speakers": 3
         *     }
         */
        RunOptionsIn: {
            /**
             * Denoise
             * @default false
             */
            denoise?: boolean;
            /**
             * Diarize
             * @default true
             */
            diarize?: boolean;
            /**
             * Diarizer
             * @default null
             */
            diarizer?: ("pyannote" | "embedded") | null;
            /**
             * Engine
             * @default null
             */
            engine?: ("openai-whisper" | "faster-whisper") | null;
            /**
             * Formats
             * @default [
             *       "docx",
             *       "srt",
             *       "txt",
             *       "json"
             *     ]
             */
            formats?: ("docx" | "srt" | "vtt" | "txt" | "md" | "json" | "csv" | "html" | "pdf" | "rttm")[];
            /**
             * Glossary
             * @description Names and terms to expect
             * @default []
             */
            glossary?: string[];
            /**
             * Language
             * @description ISO 639-1; null: detected
             * @default null
             */
            language?: string | null;
            /**
             * Model
             * @description A name of GET /models
             * @default null
             */
            model?: string | null;
            /**
             * Multilingual
             * @description Detect the language anew in every window
             * @default false
             */
            multilingual?: boolean;
            /**
             * Preset
             * @default quality
             * @enum {string}
             */
            preset?: "fast" | "quality";
            /**
             * Speakers
             * @description 1 to 10; null: found by the diarizer
             * @default null
             */
            speakers?: number | null;
            /**
             * Summarize
             * @default true
             */
            summarize?: boolean;
            /**
             * Summarizer
             * @default null
             */
            summarizer?: ("openai" | "extractive") | null;
        };
        /** RunOptionsOut */
        RunOptionsOut: {
            /** Denoise */
            denoise: boolean;
            /** Diarize */
            diarize: boolean;
            /** Diarizer */
            diarizer: string | null;
            /** Engine */
            engine: string | null;
            /** Formats */
            formats: string[];
            /** Glossary */
            glossary: string[];
            /** Language */
            language: string | null;
            /** Model */
            model: string | null;
            /** Multilingual */
            multilingual: boolean;
            /** Preset */
            preset: string;
            /** Speakers */
            speakers: number | null;
            /** Summarize */
            summarize: boolean;
            /** Summarizer */
            summarizer: string | null;
        };
        /** RunOut */
        RunOut: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            error: components["schemas"]["Notice"] | null;
            /** Finished At */
            finished_at: string | null;
            /**
             * Fraction
             * @description Of the whole run
             */
            fraction: number;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Language */
            language: string | null;
            /** Language Probability */
            language_probability: number | null;
            options: components["schemas"]["RunOptionsOut"];
            /**
             * Queue Place
             * @description While it waits for its first worker: 1 is next
             */
            queue_place: number | null;
            /**
             * Recording Id
             * Format: uuid
             */
            recording_id: string;
            /** Stages */
            stages: components["schemas"]["StageOut"][];
            /**
             * State
             * @enum {string}
             */
            state: "queued" | "running" | "done" | "done_with_warnings" | "cancelled" | "dead";
            /** Warnings */
            warnings: components["schemas"]["Notice"][];
        };
        /** SearchOut */
        SearchOut: {
            /**
             * Complete
             * @description false: there may be more than ``total``
             */
            complete: boolean;
            /** Items */
            items: components["schemas"]["FoundOut"][];
            /**
             * Sensible
             * @description Whether there is a word in the query that could be found
             */
            sensible: boolean;
            /**
             * Total
             * @description Recordings that match
             */
            total: number;
        };
        /** SegmentOut */
        SegmentOut: {
            /** End */
            end: number;
            /** Id */
            id: string;
            /**
             * Speaker
             * @description Label of a speaker
             * @example S1
             */
            speaker: string | null;
            /** Start */
            start: number;
            /** Text */
            text: string;
            /** Words */
            words: components["schemas"]["WordOut"][];
        };
        /** SentimentOut */
        SentimentOut: {
            /** At */
            at: number[];
            /**
             * Sentiment
             * @enum {string}
             */
            sentiment: "positive" | "neutral" | "negative" | "mixed";
            /** Speaker */
            speaker: string;
        };
        /** SessionOut */
        SessionOut: {
            /**
             * Client
             * @description What the browser calls itself
             */
            client: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Current
             * @description It is the one that asks
             */
            current: boolean;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Seen At
             * Format: date-time
             * @description To five minutes
             */
            seen_at: string;
            /**
             * Way
             * @enum {string}
             */
            way: "link" | "telegram" | "widget";
        };
        /**
         * SettingsIn
         * @description What is left out stays as it is.
         */
        SettingsIn: {
            /** Denoise */
            denoise?: boolean | null;
            /** Diarize */
            diarize?: boolean | null;
            /** Export */
            export?: string | null;
            /** Keep */
            keep?: string | null;
            /** Language */
            language?: string | null;
            /** Notify */
            notify?: boolean | null;
            /** Preset */
            preset?: string | null;
            /** Silent */
            silent?: boolean | null;
            /** Speakers */
            speakers?: number | null;
            /** Speech */
            speech?: string | null;
            /** Timezone */
            timezone?: string | null;
            /** Voices */
            voices?: boolean | null;
        };
        /**
         * SettingsOut
         * @description What the bot's /settings sets too.
         */
        SettingsOut: {
            /** Denoise */
            denoise: boolean;
            /** Diarize */
            diarize: boolean;
            /**
             * Export
             * @example docx
             */
            export: string;
            /**
             * Keep
             * @description For recordings taken in from now on
             * @enum {string}
             */
            keep: "day" | "week" | "forever";
            /**
             * Language
             * @description Of what the bot writes
             * @enum {string}
             */
            language: "ru" | "en";
            /** Name */
            name: string;
            /**
             * Notify
             * @description The result of a long recording comes as a new message
             */
            notify: boolean;
            /**
             * Preset
             * @enum {string}
             */
            preset: "fast" | "quality";
            /** Service Timezone */
            service_timezone: string;
            /**
             * Silent
             * @description The bot writes nothing but results
             */
            silent: boolean;
            /**
             * Speakers
             * @description null: counted
             */
            speakers: number | null;
            /**
             * Speech
             * @description ISO 639-1; null: recognised
             */
            speech: string | null;
            /**
             * Telegram
             * @description There is a Telegram account, to which notices can go
             */
            telegram: boolean;
            /** Telegram Name */
            telegram_name: string | null;
            /**
             * Timezone
             * @description IANA name; null: the service's
             */
            timezone: string | null;
            /**
             * Voices
             * @description Voices are remembered, encrypted, to suggest names; false destroys those kept
             */
            voices: boolean;
        };
        /**
         * SharedOut
         * @description What the link shows. Times are those of the recording; sound and waveform begin at ``start``.
         */
        SharedOut: {
            /** Audio */
            audio: boolean;
            /** End */
            end: number;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Language */
            language: string;
            minutes: components["schemas"]["MinutesOut"] | null;
            /** Segments */
            segments: components["schemas"]["SegmentOut"][];
            /** Speakers */
            speakers: components["schemas"]["SpeakerOut"][];
            /** Start */
            start: number;
            /** Title */
            title: string;
            /** Warnings */
            warnings: components["schemas"]["Notice"][];
            /** Whole */
            whole: boolean;
        };
        /** ShelfIn */
        ShelfIn: {
            /**
             * Name
             * @description Of a tag: 40 characters
             */
            name: string;
        };
        /**
         * ShelfOut
         * @description A folder or a tag.
         */
        ShelfOut: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Name
             * @example Interviews
             */
            name: string;
            /**
             * Recordings
             * @description How many lie in it, or have it
             */
            recordings: number;
        };
        /** SpeakerOut */
        SpeakerOut: {
            /**
             * Colour
             * @description Of the ten, from 0, that somebody chose; null: by place in this list
             */
            colour: number | null;
            /**
             * Display
             * @description The name, or “Speaker 1”
             * @example Speaker 1
             */
            display: string;
            /**
             * Label
             * @example S1
             */
            label: string;
            /**
             * Name
             * @description null until somebody names this voice
             */
            name: string | null;
            /**
             * Talk Seconds
             * @description Of the text as it is now
             */
            talk_seconds: number;
        };
        /**
         * SpeakerPatch
         * @description What is left out stays.
         */
        SpeakerPatch: {
            /**
             * Colour
             * @description null: by place again
             * @example 3
             */
            colour?: number | null;
            /**
             * Name
             * @description null or blank: unnamed again
             * @example Анна
             */
            name?: string | null;
        };
        /**
         * SplitIn
         * @description Words from `at` on become `new_segment`, right behind; `ends`: end of the one, start of the other.
         */
        SplitIn: {
            /** At */
            at: number;
            /** Ends */
            ends: [
                number,
                number
            ];
            /** New Segment */
            new_segment: string;
            /** Segment */
            segment: string;
            /** Speaker After */
            speaker_after: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "split";
        };
        /**
         * Stage
         * @enum {string}
         */
        Stage: "preprocess" | "transcribe" | "diarize" | "summarize" | "export";
        /** StageOut */
        StageOut: {
            /** Attempts */
            attempts: number;
            /** Engine Seconds */
            engine_seconds: number | null;
            error: components["schemas"]["Notice"] | null;
            /** Finished At */
            finished_at: string | null;
            /** Fraction */
            fraction: number;
            stage: components["schemas"]["Stage"];
            /** Started At */
            started_at: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "waiting" | "queued" | "running" | "done" | "skipped" | "failed" | "cancelled" | "dead";
        };
        /** StatementOut */
        StatementOut: {
            /**
             * At
             * @description The seconds of the recording it rests on
             */
            at: number[];
            /** Text */
            text: string;
        };
        /**
         * SuggestionOut
         * @description A name that a voice without one may have, by earlier recordings of the same owner.
         */
        SuggestionOut: {
            /** Label */
            label: string;
            /**
             * Name
             * @example Анна
             */
            name: string;
            /**
             * Score
             * @description How much alike the voices are, 0 to 1; no probability
             */
            score: number;
        };
        /**
         * SweepOut
         * @description What the janitor did about one kind of rubbish. ``error_code``: why it could not, the last time.
         */
        SweepOut: {
            /** Age Seconds */
            age_seconds: number;
            /** Error Code */
            error_code: string | null;
            /**
             * Last At
             * Format: date-time
             */
            last_at: string;
            /** Last Count */
            last_count: number;
            /**
             * Name
             * @example uploads
             */
            name: string;
            /** Total */
            total: number;
        };
        /** TaggingIn */
        TaggingIn: {
            /**
             * Add
             * @default []
             */
            add?: string[];
            /** Recordings */
            recordings: string[];
            /**
             * Remove
             * @default []
             */
            remove?: string[];
        };
        /** TelegramIn */
        TelegramIn: {
            /**
             * Init Data
             * @description The initData of the Mini App, as Telegram gave it to the page
             * @example query_id=AAH…&user=%7B%22id%22…&auth_date=1700000000&hash=c501…
             */
            init_data: string;
        };
        /** TelegramWayOut */
        TelegramWayOut: {
            /**
             * Bot Id
             * @description What the widget calls the bot by
             */
            bot_id: string;
        };
        /** TermIn */
        TermIn: {
            /**
             * Term
             * @example Стенограм
             */
            term: string;
        };
        /** TermOut */
        TermOut: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Term */
            term: string;
        };
        /**
         * TicketOut
         * @description A link that works without a header, for players and downloads; for a short while.
         */
        TicketOut: {
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Url */
            url: string;
        };
        /** TokenOut */
        TokenOut: {
            /** Access Token */
            access_token: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /**
             * Token Type
             * @constant
             */
            token_type: "bearer";
        };
        /** TranscriptOut */
        TranscriptOut: {
            /** Duration */
            duration: number;
            /** Language */
            language: string;
            /** Language Probability */
            language_probability: number;
            minutes: components["schemas"]["MinutesOut"] | null;
            /** Provenance */
            provenance: components["schemas"]["ProvenanceOut"][];
            /**
             * Recording Id
             * Format: uuid
             */
            recording_id: string;
            /**
             * Run Id
             * Format: uuid
             */
            run_id: string;
            /** Segments */
            segments: components["schemas"]["SegmentOut"][];
            /** Speakers */
            speakers: components["schemas"]["SpeakerOut"][];
            /** Title */
            title: string;
            /** Turns */
            turns: components["schemas"]["TurnOut"][];
            /**
             * Version
             * @description Rises with every change
             */
            version: number;
            /** Warnings */
            warnings: components["schemas"]["Notice"][];
        };
        /** TurnOut */
        TurnOut: {
            /** Confidence */
            confidence: number | null;
            /** End */
            end: number;
            /** Speaker */
            speaker: string;
            /** Start */
            start: number;
        };
        /** UnlockIn */
        UnlockIn: {
            /** Link */
            link: string;
            /** Password */
            password: string;
        };
        /**
         * UsageOut
         * @description Seconds of recordings. First the day's are used, then those of packs.
         */
        UsageOut: {
            /** Daily Seconds */
            daily_seconds: number;
            /**
             * Days
             * @description The newest first, those without any left out
             */
            days: components["schemas"]["DayOut"][];
            /**
             * Left Seconds
             * @description Of today's and of packs together
             */
            left_seconds: number;
            /** Left Today Seconds */
            left_today_seconds: number;
            /**
             * Pack Seconds
             * @description Bought or granted; below zero after a refund of what was used already
             */
            pack_seconds: number;
            /**
             * Plan
             * @example standard
             */
            plan: string;
            /**
             * Resets At
             * Format: date-time
             * @description The next midnight in one's own time zone
             */
            resets_at: string;
            /**
             * Unlimited
             * @description Nothing is refused, whatever is left
             */
            unlimited: boolean;
            /**
             * Used Seconds
             * @description Of today's
             */
            used_seconds: number;
        };
        /** UserOut */
        UserOut: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Language
             * @example ru
             */
            language: string;
            /** Name */
            name: string;
            /**
             * Role
             * @example admin
             */
            role: string;
        };
        /**
         * WaysOut
         * @description How one may sign in besides a link.
         */
        WaysOut: {
            /** @description null: there is no bot, or no public address */
            telegram: components["schemas"]["TelegramWayOut"] | null;
        };
        /**
         * WidgetIn
         * @description The answer of the Telegram login widget, every field as Telegram gave it.
         */
        WidgetIn: {
            /**
             * Fields
             * @example {
             *       "auth_date": 1700000000,
             *       "hash": "c5…",
             *       "id": 1
             *     }
             */
            fields: {
                [key: string]: string | number;
            };
        };
        /** WordIn */
        WordIn: {
            /** End */
            end: number;
            /** Probability */
            probability: number;
            /** Start */
            start: number;
            /**
             * Text
             * @description With its leading space: joined words are the segment's text
             * @example meeting
             */
            text: string;
        };
        /** WordOut */
        WordOut: {
            /** End */
            end: number;
            /** Probability */
            probability: number;
            /** Start */
            start: number;
            /**
             * Text
             * @description With its leading space: joined words are the segment's text
             * @example meeting
             */
            text: string;
        };
        /**
         * WorkerOut
         * @description A worker process that has given a sign of life within the last 20 seconds.
         */
        WorkerOut: {
            /** Concurrency */
            concurrency: number;
            /**
             * Name
             * @example gpu@host:4711
             */
            name: string;
            /** Queues */
            queues: string[];
            /**
             * Since
             * Format: date-time
             */
            since: string;
        };
        /** LinkIn */
        apps__bot_api__schemas__auth__LinkIn: {
            /**
             * Secret
             * @description What follows /login#
             * @example pT3b0vZ9…
             */
            secret: string;
        };
        /**
         * LinkIn
         * @description What to share. Without ``from``, ``to`` and ``segments``: everything.
         */
        apps__bot_api__schemas__sharing__LinkIn: {
            /**
             * Audio
             * @description Whether it may be heard, not only read
             */
            audio: boolean;
            /**
             * Days
             * @description Until it expires
             * @default 7
             */
            days?: number;
            /**
             * From
             * @description Seconds
             */
            from?: number | null;
            /** Password */
            password?: string | null;
            /**
             * Segments
             * @description Ids: only these of what lies between
             * @default []
             */
            segments?: string[];
            /**
             * To
             * @description Seconds
             */
            to?: number | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    list_audit: {
        parameters: {
            query?: {
                limit?: number;
                /** @description next_before of the page before */
                before?: number | null;
                /** @description Who did it, or to whom it was done */
                who?: string | null;
                /** @description A part of the name of one of them */
                name?: string | null;
                /** @description An action, or its first part: user */
                action?: string | null;
                /** @description At that time or later; without a zone: UTC */
                since?: string | null;
                /** @description Before that time */
                until?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditPage"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_dead_letters: {
        parameters: {
            query?: {
                stage?: components["schemas"]["Stage"] | null;
                code?: string | null;
                limit?: number;
                /** @description next_before of the page before */
                before?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LetterPage"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    discard_dead_letters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChosenIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DealtWithOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replay_dead_letters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChosenIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DealtWithOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_dead_letter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                letter_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InspectedLetterOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    discard_dead_letter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                letter_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replay_dead_letter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                letter_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InspectedLetterOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_overview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OverviewOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_payments: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentsPage"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    refund_payment: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefundIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PaymentOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_users: {
        parameters: {
            query?: {
                /** @description A part of the name or @name, or an id */
                q?: string;
                limit?: number;
                offset?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PeoplePage"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonDetailOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PersonIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonDetailOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    grant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GrantIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GrantedOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["apps__bot_api__schemas__auth__LinkIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_in_from_telegram: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TelegramIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_in_with_widget: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WidgetIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_in_ways: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WaysOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_glossary: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GlossaryOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    add_term: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TermIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TermOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    remove_term: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                term_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_library: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LibraryOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_recordings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeletionIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeletionOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    save_recordings: {
        parameters: {
            query: {
                recordings: string[];
                formats: string[];
                /** @description Of headings */
                language?: string;
                /** @description From the download ticket, for Telegram */
                ticket?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": unknown;
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export_recordings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ArchiveIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": unknown;
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    move_recordings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MoveIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tag_recordings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaggingIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_shelf: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                shelf: "folders" | "tags";
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ShelfIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShelfOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_shelf: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                shelf: "folders" | "tags";
                shelf_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rename_shelf: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                shelf: "folders" | "tags";
                shelf_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ShelfIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revoke_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                link_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_account: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_download_ticket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DownloadIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    my_archive: {
        parameters: {
            query?: {
                /** @description From the export ticket, for browsers */
                ticket?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": unknown;
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_export_ticket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_keys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyOut"][];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    make_key: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeyIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewKeyOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revoke_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionOut"][];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    end_other_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndedOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    end_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_settings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_settings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SettingsIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    my_usage: {
        parameters: {
            query?: {
                /** @description How far back the days go */
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_models: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelOut"][];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_recordings: {
        parameters: {
            query?: {
                sort?: "newest" | "oldest" | "title" | "longest" | "largest";
                limit?: number;
                /** @description next_cursor of the page before */
                cursor?: string | null;
                /** @description A part of the title */
                title?: string | null;
                /** @description Only in this folder */
                folder?: string | null;
                /** @description Only in no folder */
                unfiled?: boolean;
                /** @description With each of these tags */
                tag?: string[] | null;
                /** @description Language of the speech */
                language?: string | null;
                /** @description Of the newest run; none: there is none */
                state?: ("active" | "done" | "failed" | "cancelled" | "none") | null;
                /** @description Name of somebody who speaks */
                speaker?: string | null;
                /** @description Added at that time or later */
                since?: string | null;
                /** @description Added before that time */
                until?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordingPage"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_recording: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same again gives the first */
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** Format: binary */
                    file: string;
                    /**
                     * @description RunOptionsIn as JSON
                     * @example {"language": "ru", "speakers": 3}
                     */
                    options?: string;
                    /**
                     * @description Start a run at once
                     * @default true
                     */
                    start?: boolean;
                };
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordingOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_recording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordingOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_recording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rename_recording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RecordingPatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordingOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cut_clip: {
        parameters: {
            query: {
                /** @description Seconds */
                from: number;
                /** @description Seconds */
                to: number;
                format?: "m4a" | "wav";
                /** @description From the download ticket, for Telegram */
                ticket?: string | null;
            };
            header?: never;
            path: {
                recording_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sound */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/*": string;
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_links: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkOut"][];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_media: {
        parameters: {
            query?: {
                /** @description Save it instead of playing it */
                download?: boolean;
                /** @description From the media ticket, for players that send no headers */
                ticket?: string | null;
            };
            header?: never;
            path: {
                recording_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The whole file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/*": string;
                    "video/*": string;
                };
            };
            /** @description The range asked for */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/*": string;
                    "video/*": string;
                };
            };
            /** @description Not changed */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_media_ticket: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_peaks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PeaksOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_runs: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunOut"][];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    start_run: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RunIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_latest_transcript: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TranscriptOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_run: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancel_run: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_changes: {
        parameters: {
            query: {
                /** @description A version */
                after: number;
            };
            header?: never;
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangesOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    make_changes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangesIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangesOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    follow_changes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description `edited` (an EditedOut) */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EditedOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_cues: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CueOut"][];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    follow_run: {
        parameters: {
            query?: never;
            header?: {
                /** @description Go on after this event */
                "last-event-id"?: string | null;
            };
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description `snapshot` (a RunOut), then `run`, `stage`, `progress`, `partial` and `error` (an EventOut) */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export_transcript: {
        parameters: {
            query: {
                format: "docx" | "srt" | "vtt" | "txt" | "md" | "json" | "csv" | "html" | "pdf" | "rttm";
                /** @description Seconds */
                from?: number | null;
                /** @description Seconds */
                to?: number | null;
                /** @description Segment ids, separated by commas */
                segments?: string | null;
                /** @description Of the headings: ru or en */
                language?: string | null;
                /** @description From the download ticket, for Telegram */
                ticket?: string | null;
            };
            header?: never;
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_history: {
        parameters: {
            query?: {
                /** @description The oldest `before_version` seen, plus 1 */
                before?: number | null;
                limit?: number;
            };
            header?: never;
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HistoryOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["apps__bot_api__schemas__sharing__LinkIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rerun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RerunIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    restore_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RestoreIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangesOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    suggest_names: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SuggestionOut"][];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    name_speaker: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
                label: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SpeakerPatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TranscriptOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_transcript: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TranscriptOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TranscriptOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    search_library: {
        parameters: {
            query: {
                /** @description Words in any form, "a phrase", -without */
                q: string;
                /** @description The last word may be the beginning of one */
                typing?: boolean;
                sort?: "best" | "newest";
                limit?: number;
                offset?: number;
                /** @description A part of the title */
                title?: string | null;
                /** @description Only in this folder */
                folder?: string | null;
                /** @description Only in no folder */
                unfiled?: boolean;
                /** @description With each of these tags */
                tag?: string[] | null;
                /** @description Language of the speech */
                language?: string | null;
                /** @description Of the newest run; none: there is none */
                state?: ("active" | "done" | "failed" | "cancelled" | "none") | null;
                /** @description Name of somebody who speaks */
                speaker?: string | null;
                /** @description Added at that time or later */
                since?: string | null;
                /** @description Added before that time */
                until?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_shared: {
        parameters: {
            query: {
                /** @description What follows /s/ in the address of the page */
                link: string;
                /** @description Where there is a password */
                pass?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SharedOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export_shared: {
        parameters: {
            query: {
                format: "docx" | "srt" | "vtt" | "txt" | "md" | "json" | "csv" | "html" | "pdf" | "rttm";
                /** @description Of the headings: ru or en */
                language?: string | null;
                /** @description What follows /s/ in the address of the page */
                link: string;
                /** @description Where there is a password */
                pass?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_shared_media: {
        parameters: {
            query: {
                /** @description What follows /s/ in the address of the page */
                link: string;
                /** @description Where there is a password */
                pass?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sound */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/*": string;
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_shared_peaks: {
        parameters: {
            query: {
                /** @description What follows /s/ in the address of the page */
                link: string;
                /** @description Where there is a password */
                pass?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PeaksOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unlock_shared: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UnlockIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PassOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_upload: {
        parameters: {
            query?: never;
            header: {
                /** @description Bytes of the whole file */
                "upload-length": string;
                /** @description filename, filetype, options (RunOptionsIn as JSON), in Base64 */
                "upload-metadata"?: string;
                "tus-resumable"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    describe_uploads: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    terminate_upload: {
        parameters: {
            query?: never;
            header?: {
                "tus-resumable"?: string | null;
            };
            path: {
                upload_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description See the headers Upload-Offset and Upload-Expires */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    append_to_upload: {
        parameters: {
            query?: never;
            header: {
                "upload-offset": number;
                "tus-resumable"?: string | null;
            };
            path: {
                upload_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description See the headers Upload-Offset and Upload-Expires */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_uploaded_recording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                upload_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordingOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_readiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadyOut"];
                };
            };
            /** @description A problem document with a stable code */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
