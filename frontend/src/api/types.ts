/** The API's shapes by the names the application uses. */
import type { components } from './schema'

type Schemas = components['schemas']

export type Run = Schemas['RunOut']
export type RunState = Run['state']
export type StageName = Schemas['Stage']
/** What may be asked of a run; what is left out the service decides. */
export type RunOptions = Partial<Schemas['RunOptionsOut']>
export type Recording = Schemas['RecordingOut']
export type Transcript = Schemas['TranscriptOut']
export type Segment = Schemas['SegmentOut']
export type Speaker = Schemas['SpeakerOut']
export type Minutes = Schemas['MinutesOut']
export type Peaks = Schemas['PeaksOut']
/** One event of a run, as the event stream carries it. */
export type RunEvent = Schemas['EventOut']
