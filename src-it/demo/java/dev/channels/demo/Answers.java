package dev.channels.demo;

import dev.channels.ChannelsException;
import jakarta.json.Json;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.concurrent.CompletionException;

/** Answers with the status that belongs to an error, and with its message. */
final class Answers {

    private Answers() {}

    static Response to(Throwable error) {
        Throwable cause = error instanceof CompletionException ? error.getCause() : error;
        return cause instanceof ChannelsException e
                ? answer(status(e), e.getMessage())
                : answer(Status.INTERNAL_SERVER_ERROR, cause.toString());
    }

    private static Status status(ChannelsException e) {
        return switch (e.errorCode()) {
            case UNDECLARED_CHANNEL -> Status.NOT_FOUND;
            case INVALID_CHANNEL_NAME -> Status.BAD_REQUEST;
            case NOT_RUNNING, PUBLISH_FAILED, PUBLISH_QUEUE_FULL -> Status.SERVICE_UNAVAILABLE;
            default -> Status.INTERNAL_SERVER_ERROR;
        };
    }

    private static Response answer(Response.StatusType status, String message) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON)
                .entity(Json.createObjectBuilder().add("message", message).build().toString())
                .build();
    }

    /** Answers for what the plugin throws. */
    @Provider
    public static final class OfPlugin implements ExceptionMapper<ChannelsException> {
        @Override
        public Response toResponse(ChannelsException e) {
            return to(e);
        }
    }

    /** Answers for what the resources throw. */
    @Provider
    public static final class OfResources implements ExceptionMapper<WebApplicationException> {
        @Override
        public Response toResponse(WebApplicationException e) {
            return answer(e.getResponse().getStatusInfo(), e.getMessage());
        }
    }
}
