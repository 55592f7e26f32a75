# One image for the four services and the provision step; the command says which: `node dist/apps/<app>/main.js`, `node dist/scripts/provision.js`.
# No secret is needed to build it and none is in it. Written so that both of Docker's builders take it (no `RUN --mount`, no syntax line).

FROM node:20-bookworm-slim AS build
WORKDIR /src
# Nothing here needs an install script, so none of 500 packages may run one.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --include=dev
COPY nest-cli.json tsconfig.json ./
COPY scripts ./scripts
COPY libs ./libs
COPY apps ./apps
RUN node node_modules/@nestjs/cli/bin/nest.js build --all

FROM node:20-bookworm-slim AS dependencies
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev

FROM node:20-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
# Owned by root and only read by the user that runs: a service cannot change its own code.
COPY --from=dependencies /src/node_modules ./node_modules
COPY --from=build /src/dist ./dist
COPY package.json LICENSE ./
# By number, so that a cluster which refuses root can see that it is not (the image's user "node").
USER 1000:1000
CMD ["node", "--enable-source-maps", "dist/apps/gateway/main.js"]
