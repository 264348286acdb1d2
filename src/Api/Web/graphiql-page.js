// Queries go to this host by POST, subscriptions by WebSocket.
const address = new URL('/graphql', location.href);
const socket = new URL(address);
socket.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
const fetcher = GraphiQL.createFetcher({
  url: address.href,
  wsClient: graphqlWs.createClient({ url: socket.href, lazy: true }),
});
const defaultQuery = `# The newest tasks with their agents and best bids, and how far the index is.
{
  tasks(first: 10, order: [{ createdAt: DESC }]) {
    nodes {
      id
      status
      maxPrice
      createdAt
      agent { id owner }
      bids(first: 3, order: [{ price: ASC }]) { nodes { id price status } }
    }
  }
  _meta { block { number timestamp } }
}
`;
ReactDOM.createRoot(document.getElementById('graphiql')).render(
  React.createElement(GraphiQL, { fetcher, defaultQuery, defaultEditorToolsVisibility: false }));
