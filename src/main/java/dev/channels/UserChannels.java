package dev.channels;

/**
 * The channels of users: each user has one of his own, named {@code #} and his name. Only that user
 * can subscribe to it, at any door; the application publishes to it ({@link
 * EventPublisher#publishToUser}). These channels exist without being declared. Names of users are
 * exact, as those of channels are.
 */
public final class UserChannels {

    private static final char MARK = '#';

    /**
     * The channel of nobody, {@code #}: the nodes of an application talk to each other over it. No
     * client can have it or publish to it, and an application should leave it alone.
     */
    public static final String OF_NOBODY = "#";

    private UserChannels() {}

    /**
     * Returns the name of a user's channel.
     *
     * @param user the name of the user ({@link Caller#name()})
     * @return the name of the channel; it is not said that it keeps the rule for names, which the
     *     name of a user may break
     * @throws ChannelsException {@link ErrorCode#INVALID_CHANNEL_NAME} if the name is empty: nobody
     *     in particular has no channel
     */
    public static String of(String user) {
        if (user.isEmpty()) {
            throw new ChannelsException(
                    ErrorCode.INVALID_CHANNEL_NAME,
                    "A user without a name has no channel: an anonymous caller cannot be told apart"
                            + " from others. Name the user as Caller.name() does.");
        }
        return MARK + user;
    }

    /**
     * Tells whether a name is that of a user's channel, whoever it may be.
     *
     * @param channel the name of a channel
     * @return whether it begins with {@code #}
     */
    public static boolean contains(String channel) {
        return !channel.isEmpty() && channel.charAt(0) == MARK;
    }

    /**
     * Tells whether a user's channel is that of a caller.
     *
     * @param channel the name of a channel
     * @param caller anybody
     * @return whether it is; never for an anonymous caller
     */
    public static boolean belongsTo(String channel, Caller caller) {
        return !caller.isAnonymous()
                && contains(channel)
                && channel.length() == 1 + caller.name().length()
                && channel.startsWith(caller.name(), 1);
    }
}
