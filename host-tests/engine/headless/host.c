/*
 * Runs a firmware built for the SDK's desktop simulator (mc.so, made by "mcconfig -p lin") without the simulator:
 * no window, no display, only the machine and its main loop. The tests use it to run the firmware on the real engine
 * and to see how much memory it holds.
 *
 * usage: headless <mc.so> [--report-after <ms>] [--stop-after <ms>]
 *
 * What the firmware traces goes to stdout. On SIGUSR1, after --report-after, and before a clean end (SIGTERM, SIGINT,
 * --stop-after) garbage is collected and one line is printed:
 *
 *   # memory slots=<live> slotBytes=<live> slotSize=<bytes> slotPeak=<count> chunkBytes=<live> chunkPeak=<bytes> keys=<n>
 *
 * The peaks are the highest since the line before. Ends with 0; with 1 when the machine aborts, after one line on
 * stderr that says why; with 2 when it cannot be started.
 */

#include <dlfcn.h>
#include <glib-unix.h>

#include "xsAll.h"
#include "screen.h"

typedef struct {
	txScreen screen; /* first, so that the screen handed to a callback is the host */
	GMainLoop* loop;
	void (*collect)(txMachine* the, ...);
	char* (*describe)(int status);
	size_t slotPeak;
	size_t chunkPeak;
} Host;

static void fail(const char* what, const char* why)
{
	fprintf(stderr, "headless: %s: %s\n", what, why);
	exit(2);
}

static void* find(void* library, const char* name)
{
	void* symbol = dlsym(library, name);
	if (!symbol)
		fail(name, dlerror());
	return symbol;
}

static gboolean report(gpointer data)
{
	Host* host = data;
	txMachine* the = host->screen.machine;
	if (!the)
		return G_SOURCE_CONTINUE;
	long slotPeak = the->peakHeapCount;
	long chunkPeak = the->peakChunksSize;
	host->collect(the);
	printf("# memory slots=%ld slotBytes=%ld slotSize=%zu slotPeak=%ld chunkBytes=%ld chunkPeak=%ld keys=%d\n",
		(long)the->currentHeapCount, (long)(the->currentHeapCount * sizeof(txSlot)), sizeof(txSlot), slotPeak,
		(long)the->currentChunksSize, chunkPeak, the->keyIndex - the->keyOffset);
	the->peakHeapCount = the->currentHeapCount;
	the->peakChunksSize = the->currentChunksSize;
	return G_SOURCE_CONTINUE;
}

static gboolean reportOnce(gpointer data)
{
	report(data);
	return G_SOURCE_REMOVE;
}

static gboolean stop(gpointer data)
{
	Host* host = data;
	report(host);
	g_main_loop_quit(host->loop);
	return G_SOURCE_REMOVE;
}

/* A release build says only that something was thrown: what it was is still in the machine. */
static const char* thrownMessage(txMachine* the)
{
	if (!the || mxException.kind != XS_REFERENCE_KIND)
		return "";
	for (txSlot* slot = mxException.value.reference->next; slot; slot = slot->next) {
		if (slot->ID == mxID(_message) && (slot->kind == XS_STRING_KIND || slot->kind == XS_STRING_X_KIND))
			return slot->value.string;
	}
	return "";
}

static void onAbort(txScreen* screen, int status)
{
	Host* host = (Host*)screen;
	const char* message = status == XS_UNHANDLED_EXCEPTION_EXIT ? thrownMessage(screen->machine) : "";
	fflush(stdout);
	fprintf(stderr, "headless: the machine aborted: %s%s%s\n", host->describe(status), *message ? ": " : "", message);
	_exit(1);
}

/* The rest of what a simulator gives its app: a screen nobody looks at. */
static void onScreen(txScreen* screen)
{
	(void)screen;
}

static void onPost(txScreen* screen, char* message, int size)
{
	(void)screen, (void)message, (void)size;
}

static void onStart(txScreen* screen, double interval)
{
	(void)screen, (void)interval;
}

int main(int argc, char** argv)
{
	Host* host = g_malloc0(sizeof(Host));
	host->loop = g_main_loop_new(NULL, FALSE);
	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGPIPE, SIG_IGN); /* as mcsim's toolkit does: a socket closed by its peer is an error, not the end */

	for (int i = 2; i + 1 < argc; i += 2) {
		guint ms = (guint)strtoul(argv[i + 1], NULL, 10);
		if (!strcmp(argv[i], "--report-after"))
			g_timeout_add(ms, reportOnce, host);
		else if (!strcmp(argv[i], "--stop-after"))
			g_timeout_add(ms, stop, host);
		else
			fail(argv[i], "unknown option");
	}
	void* library = argc > 1 ? dlopen(argv[1], RTLD_NOW) : NULL;
	if (!library)
		fail("cannot load the firmware", argc > 1 ? dlerror() : "usage: headless <mc.so> [--stop-after <ms>]");
	txScreenLaunchProc launch = find(library, "fxScreenLaunch");
	host->collect = find(library, "fxCollectGarbage");
	host->describe = find(library, "fxAbortString");

	txScreen* screen = &host->screen;
	screen->abort = onAbort;
	screen->bufferChanged = onScreen;
	screen->formatChanged = onScreen;
	screen->post = onPost;
	screen->start = onStart;
	screen->stop = onScreen;
	mxCreateMutex(&screen->workersMutex);

	g_unix_signal_add(SIGUSR1, report, host);
	g_unix_signal_add(SIGTERM, stop, host);
	g_unix_signal_add(SIGINT, stop, host);
	launch(screen);
	if (!screen->machine)
		fail(argv[1], "made by another version of the SDK than this host was compiled with");
	g_main_loop_run(host->loop);
	return 0;
}
