// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { vm } from "../Vm.sol";

/// @notice A call that somebody makes in the middle of another one.
struct Strike {
    address who;
    address target;
    bytes data;
}

/// @title Calls back, once for each strike, whenever it is given control; counts how often, and how often it got through.
abstract contract Hostile {
    // Etched in place of the credit token, whose first words these are then; the words before hold bases of mappings.
    uint256[32] private _room;
    Strike[] private _strikes;
    uint256 public calls;
    uint256 public successes;
    bool private _striking;

    function load(Strike[] calldata strikes) external {
        delete _strikes;
        for (uint256 i; i < strikes.length; ++i) {
            _strikes.push(strikes[i]);
        }
        calls = 0;
        successes = 0;
    }

    /// @dev Strikes are not nested: what a strike calls may give control back here.
    function strike() internal {
        if (_striking) return;
        _striking = true;
        for (uint256 i; i < _strikes.length; ++i) {
            ++calls;
            if (_strikes[i].who != address(this)) vm.prank(_strikes[i].who);
            (bool done,) = _strikes[i].target.call(_strikes[i].data);
            if (done) ++successes;
        }
        _striking = false;
    }
}

/// @notice A token with hooks, on the side of whoever attacks. It keeps a ledger of what really moved, by its own lights.
contract HostileToken is Hostile {
    mapping(address holder => int256) public moved;

    function transfer(address to, uint256 amount) external returns (bool) {
        return _move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        return _move(from, to, amount);
    }

    function permit(address, address, uint256, uint256, uint8, bytes32, bytes32) external {
        strike();
    }

    /// @dev Before and after the move: a hook of either kind.
    function _move(address from, address to, uint256 amount) private returns (bool) {
        strike();
        moved[from] -= int256(amount);
        moved[to] += int256(amount);
        strike();
        return true;
    }
}

/// @notice Somebody whom a decision, a relayed request or an agent's transfer calls.
contract HostileReceiver is Hostile {
    fallback() external payable {
        strike();
    }

    function isTrustedForwarder(address) external pure returns (bool) {
        return true;
    }

    function onERC721Received(address, address, uint256, bytes calldata) external returns (bytes4) {
        strike();
        return this.onERC721Received.selector;
    }
}
