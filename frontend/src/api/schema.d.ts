// Generated from the OpenAPI document of the service by `npm run api:generate`. Do not edit.
export interface paths {
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
         * @description Newest first, each with its latest run.
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
         * @description Say what people call this voice.
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
        /** HealthOut */
        HealthOut: {
            /**
             * Status
             * @constant
             */
            status: "ok";
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
        /** LinkIn */
        LinkIn: {
            /**
             * Secret
             * @description What follows /login#
             * @example pT3b0vZ9…
             */
            secret: string;
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
             * Title
             * @example Weekly meeting
             */
            title: string;
        };
        /**
         * RecordingPage
         * @description Newest first. ``next_cursor`` is null on the last page.
         */
        RecordingPage: {
            /** Items */
            items: components["schemas"]["RecordingOut"][];
            /** Next Cursor */
            next_cursor: string | null;
        };
        /** RecordingPatch */
        RecordingPatch: {
            /** Title */
            title: string;
        };
        /** RefusedLetterOut */
        RefusedLetterOut: {
            error: components["schemas"]["Notice"];
            /** Id */
            id: number;
        };
        /** RerunIn */
        RerunIn: {
            /** @example diarize */
            from_stage: components["schemas"]["Stage"];
            /** @description null: those of the run that is repeated */
            options?: components["schemas"]["RunOptionsIn"] | null;
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
         * @description Everything may be left out; null means that the service decides.
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
        /** SpeakerOut */
        SpeakerOut: {
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
            /** Talk Seconds */
            talk_seconds: number;
        };
        /** SpeakerPatch */
        SpeakerPatch: {
            /**
             * Name
             * @description null or blank: unnamed again
             * @example Анна
             */
            name: string | null;
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
        /** TelegramIn */
        TelegramIn: {
            /**
             * Init Data
             * @description The initData of the Mini App, as Telegram gave it to the page
             * @example query_id=AAH…&user=%7B%22id%22…&auth_date=1700000000&hash=c501…
             */
            init_data: string;
        };
        /**
         * TicketOut
         * @description A link to the media that works without a header, for players; for a short while.
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
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
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
    sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinkIn"];
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
    my_archive: {
        parameters: {
            query?: {
                /** @description From the bot, for browsers */
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
                limit?: number;
                /** @description next_cursor of the page before */
                cursor?: string | null;
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
