const REMEMBERED = 8; // a repeated delivery comes soon, or not at all

/** What the last commands with an id were answered, by that id: delivered again, they are answered again, not done again. */
export class Answered {
	private readonly ids: string[] = [];
	private readonly answers: string[] = [];
	/** Where the next one goes. */
	private at = 0;

	/** What the command of this id was answered, or undefined. */
	find(id: string): string | undefined {
		const place = this.ids.indexOf(id);
		return place < 0 ? undefined : this.answers[place];
	}

	/** Takes down an answer, in place of the oldest. */
	remember(id: string, answer: string): void {
		const { at } = this;
		this.ids[at] = id;
		this.answers[at] = answer;
		this.at = at + 1 === REMEMBERED ? 0 : at + 1;
	}
}
